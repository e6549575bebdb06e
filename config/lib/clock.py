"""One clock for every process: the database's transaction time plus an offset tests can set.

`app_now()` in SQL is `now()` plus the database setting `yorisoi.clock_offset`, read from the
catalogue, so that a change acts at once in every session, also in those already open.
"""

import datetime as dt
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, Func

from config.lib.once import once


class AppNow(Func):
    """The application's time as a database expression; fit for `db_default`.

    Constant within a transaction, as `recorded_at` (known time) requires.
    """

    function = "app_now"
    arity = 0
    output_field = DateTimeField()

    def as_sql(self, *args: Any, **kwargs: Any) -> Any:
        kwargs.setdefault("template", "%(function)s()")
        return super().as_sql(*args, **kwargs)


def app_now() -> dt.datetime:
    """Read the application's clock, in a request once; interfaces pass it down as `at=`."""
    return once("app_now", _read_clock)


def _read_clock() -> dt.datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app_now()")
        return cursor.fetchone()[0]  # type: ignore[no-any-return]


def set_clock_offset(offset: dt.timedelta) -> None:
    """Move the clock of every process that uses this database; needs the owner's login."""
    seconds = f"{offset.total_seconds()} seconds"
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_database()), quote_literal(%s)", [seconds])
        database, literal = cursor.fetchone()
        cursor.execute(f"ALTER DATABASE {database} SET yorisoi.clock_offset = {literal}")
