"""The shapes of the resources, one module a family."""
