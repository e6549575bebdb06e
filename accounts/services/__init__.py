"""Every write to the customer record, one module a family: keyword-only, atomic, `at=` given."""
