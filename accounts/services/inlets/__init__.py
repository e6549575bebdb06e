"""Webhooks in: other systems post JSON, and each body becomes an import.

`addresses` makes, changes and revokes inlets, `acceptance` takes a body within a request, `opening`
turns what waits into imports and runs it again, `forgetting` takes a person out of kept bodies.
"""
