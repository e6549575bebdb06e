"""The days on which we learned things: open while events come, closed before the official run.

Ingestion shares a lock that closing takes alone, so that no roll-up known on a day is committed
after that day was closed: what is late then becomes known the day after.
"""

import datetime as dt

from django.db import connection, transaction

from scoring.models import ClosedDay

LOCK = "scoring.known_days"


def share_open_day() -> dt.date:
    """Keep days from being closed until this transaction ends; return the first open one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtext(%s))", [LOCK])
        cursor.execute("SELECT coalesce(max(day) + 1, '0001-01-01') FROM scoring_closedday")
        return cursor.fetchone()[0]  # type: ignore[no-any-return]


@transaction.atomic
def close_known_day(*, day: dt.date, at: dt.datetime) -> None:
    """Let nothing more become known on `day` or before; wait for those still writing.

    Process accepted batches first: what they hold arrived in time.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [LOCK])
    ClosedDay.objects.get_or_create(day=day, defaults={"closed_at": at})
