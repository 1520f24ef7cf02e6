"""Here is a question; give me an answer that shows its sources."""
