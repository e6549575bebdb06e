"""Events in two steps: a request is accepted in one insert, a worker makes facts of it.

`acceptance` checks and stores the body. `batches` takes accepted bodies up: `stage` copies their
messages into a temporary table and leaves out what was seen before, `resolution` finds accounts
and users, `rollups` counts, all in one transaction with the end of the batch. `quarantine` lets
go what has found its account, `retention` keeps the calendar of partitions.
"""
