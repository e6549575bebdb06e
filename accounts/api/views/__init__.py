"""The resources, one module a family: each names its rows, its shape and its services."""
