"""The embedded servers and the processes of one machine: PostgreSQL and Valkey from wheels.

Plain Python below Django, so that the settings can already read the environment it prepares.
`stack` keeps a pair of servers in a data directory, `throwaway` lends a pair to a test run,
`supervisor` runs web, worker and beat in the foreground, `demo` is what `make demo` calls, and
`bootstrap` builds the virtualenv with nothing but the standard library. Whatever goes wrong is a
`ServiceError`: one sentence for the person at the keyboard, never a traceback.
"""
