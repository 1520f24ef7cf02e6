"""Tests of the room `rag`."""
