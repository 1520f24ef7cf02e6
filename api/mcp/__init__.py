"""Here is an assistant that speaks the Model Context Protocol; let it ask, search and read."""
