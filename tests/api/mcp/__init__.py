"""Assistants that speak the Model Context Protocol."""
