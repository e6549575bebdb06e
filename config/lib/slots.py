"""Periodic work that happens once a slot, however many beats ring and however late they are.

A slot is a row (key, slot_at): who inserts it first does the work, in the same transaction.
A crash rolls the slot back with the work, and the next beat takes it: missed, caught up, once.
"""

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import connection, models


def take_slot(model: type[models.Model], *, key: str, slot_at: dt.datetime) -> bool:
    """Insert the slot and return whether this call was the first.

    `model` has `(key, slot_at)` as its primary key and defaults for the rest.
    Call it in the transaction that does the work (or that writes the rows which stand for it):
    a second beat waits for its end, then finds the slot taken, or free again after a rollback.
    """
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (key, slot_at) VALUES (%s, %s) ON CONFLICT DO NOTHING",  # noqa: S608
            [key, slot_at],
        )
        return bool(cursor.rowcount)


def daily_slot(at: dt.datetime, *, zone: ZoneInfo, starts: dt.time = dt.time.min) -> dt.datetime:
    """Return the newest instant not after `at` at which the clock in `zone` showed `starts`."""
    today = at.astimezone(zone).date()
    slot = dt.datetime.combine(today, starts, zone)
    if slot > at:
        slot = dt.datetime.combine(today - dt.timedelta(days=1), starts, zone)
    return slot.astimezone(dt.UTC)


def periodic_slot(at: dt.datetime, *, every: dt.timedelta) -> dt.datetime:
    """Return the newest multiple of `every`, counted from the epoch, not after `at`."""
    epoch = dt.datetime.fromtimestamp(0, dt.UTC)
    return epoch + (at - epoch) // every * every
