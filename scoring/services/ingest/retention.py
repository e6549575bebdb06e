"""The calendar of partitions and what is no longer kept.

Partitions are made three months ahead. The DEFAULT ones are an alarm: what fell into them moves
to its own partition as soon as that is made.
"""

import datetime as dt
import logging
from collections.abc import Mapping

from django.db import connection, transaction

from accounts.models import Organisation, ScheduleSlot
from config.lib.slots import daily_slot, take_slot
from scoring.models import EventQuarantine, EventSeen, IngestBatch, SourceFault
from scoring.services.ingest.resolution import link_people

logger = logging.getLogger(__name__)

SLOT = "usage.tend"
AHEAD = dt.timedelta(days=92)
BEHIND = dt.timedelta(days=31)
SEEN = dt.timedelta(days=35)
LONGEST_WINDOW = dt.timedelta(days=200)

_CALENDAR = """
SELECT scoring_add_event_days(%(today)s::date - 1, %(ahead)s::date)
  + scoring_add_usage_months(%(behind)s::date, %(ahead)s::date)
"""
_DROPS = """
SELECT scoring_drop_partitions('scoring_event', %(events)s)
  + scoring_drop_partitions('scoring_usageday', %(rollups)s)
  + scoring_drop_partitions('scoring_usermonth', %(rollups)s)
  + scoring_drop_partitions('scoring_newestday', %(rollups)s)
  + scoring_drop_partitions('scoring_valuemonth', %(rollups)s)
"""
_STRAYS = """
SELECT (SELECT count(*) FROM scoring_event_default)
  + (SELECT count(*) FROM scoring_usageday_default)
  + (SELECT count(*) FROM scoring_usermonth_default)
  + (SELECT count(*) FROM scoring_newestday_default)
  + (SELECT count(*) FROM scoring_valuemonth_default)
"""


@transaction.atomic
def tend_usage(*, at: dt.datetime) -> int:
    """Once a day make partitions, drop what is too old, link people; 0 when done already."""
    slot = daily_slot(at, zone=Organisation.objects.zone())
    if not take_slot(ScheduleSlot, key=SLOT, slot_at=slot):
        return 0
    add_partitions(at=at)
    purge_usage(at=at)
    link_people()
    count_strays()
    return 1


@transaction.atomic
def add_partitions(*, at: dt.datetime) -> int:
    """Make the partitions of the next three months; return how many were missing."""
    today = at.date()
    days = {"today": today, "ahead": today + AHEAD, "behind": today - BEHIND}
    return _count(_CALENDAR, days)


@transaction.atomic
def add_usage_months(*, first: dt.date, last: dt.date) -> int:
    """Make the partitions of roll-ups from one day to another; return how many were missing."""
    return _count(
        "SELECT scoring_add_usage_months(%(first)s, %(last)s)", {"first": first, "last": last}
    )


def purge_usage(*, at: dt.datetime) -> int:
    """Drop what is older than the organisation keeps; return the number of partitions dropped.

    Roll-ups stay for the promise of replay and the longest window a metric looks back.
    """
    organisation = Organisation.objects.first() or Organisation()
    today = at.date()
    events = today - dt.timedelta(days=organisation.event_retention_days)
    rollups = today - dt.timedelta(days=organisation.replay_days) - LONGEST_WINDOW
    EventSeen.objects.filter(seen_on__lt=today - SEEN).delete()
    IngestBatch.objects.filter(received_at__lt=at - SEEN, done_at__isnull=False).delete()
    EventQuarantine.objects.filter(received_at__date__lt=events).delete()
    SourceFault.objects.filter(day__lt=events).delete()
    with transaction.atomic():
        return _count(_DROPS, {"events": events, "rollups": rollups})


def count_strays() -> int:
    """Count rows in DEFAULT partitions and raise the alarm when there are any."""
    strays = _count(_STRAYS, {})
    if strays:
        logger.error("%d events or roll-ups found no partition of their time", strays)
    return strays


def _count(statement: str, values: Mapping[str, dt.date]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]  # type: ignore[no-any-return]
