"""Lists over kinds of record, one module a kind; discovered when Django is ready."""
