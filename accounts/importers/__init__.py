"""Kinds of files that can be taken in, one module a kind; discovered when Django is ready."""
