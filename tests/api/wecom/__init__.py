"""Tests of the WeCom room, against a WeCom of our own on loopback."""
