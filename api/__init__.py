"""Here is a request; give me a response."""
