"""The small kernel below all apps: each module is named after the one thing it does.

It knows no customer data and imports no app. `clock` tells the time, `recorded` keeps facts with
their known time, `claims` hands rows to workers, `bells` wakes them, `jobs` shows progress,
`pagination` walks long lists, `problems` words errors, `registry` collects plug-ins.
"""
