"""Here is a colleague in WeCom; answer each of their questions once."""
