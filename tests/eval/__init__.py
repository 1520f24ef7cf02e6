"""Tests of the room `eval`."""
