"""What tests of whole installations stand on."""

import os
import threading
from urllib.parse import urlsplit

import psycopg

from tests.live import free_port, own_database


def test_a_database_is_dropped_although_the_server_itself_is_at_it():
    """As autovacuum's, a session of the superuser can't be ended by the owner."""
    name = f"vacuumed_{free_port()}"
    with own_database(name, empty=True):
        at_it = psycopg.connect(_as_the_server(name))
        threading.Timer(1, at_it.close).start()
    with psycopg.connect(_as_the_server("postgres")) as connection:
        known = connection.execute("SELECT FROM pg_database WHERE datname = %s", [name])
        assert not known.rowcount


def _as_the_server(database: str) -> str:
    return f"postgres://postgres@/{database}?{urlsplit(os.environ['DATABASE_URL']).query}"
