"""System checks of what the code cannot see: the database behind it."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

SHOW_TRIGRAMS = "SELECT show_trgm('東京都') <> '{}'"


@register(Tags.database)
def check_trigrams(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Refuse a database in which searching Japanese names would silently find nothing.

    With LC_CTYPE "C" pg_trgm sees no letter in 東京都. Before the first migrate there is no
    pg_trgm, and nothing to check.
    """
    return [error for alias in databases or () for error in _check(alias)]


def _check(alias: str) -> list[CheckMessage]:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT FROM pg_extension WHERE extname = 'pg_trgm'")
        if not cursor.rowcount:
            return []
        cursor.execute(SHOW_TRIGRAMS)
        if cursor.fetchone()[0]:
            return []
    return [
        Error(
            "pg_trgm finds no trigram in Japanese text.",
            hint="Make the database with a UTF-8 locale, such as C.UTF-8.",
            id="config.E001",
        )
    ]
