"""Kinds of files about health that can be taken in, one module a kind."""
