"""Show me that the house stands."""
