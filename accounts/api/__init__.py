"""The REST API of the customer record.

`base` holds what every resource of every app shares: who may call, what they see, pages, versions,
keys that make a write happen once, problems instead of stack traces, and the OpenAPI description.
"""
