"""Days of health that are kept: each for 90 days, then the last of every week.

A day is thinned out once, by its slot. What explains a change of band stays: its day and the one
before; so do the days of an account that has no score at the end of the week.
"""

import datetime as dt

from django.db import connection, transaction

from accounts.models import Organisation, ScheduleSlot
from config.lib.slots import take_slot
from scoring.selectors.health_days import SLOT_KEY, slot_of

KEPT_DAILY = dt.timedelta(days=90)
ONE_DAY = dt.timedelta(days=1)
SUNDAY = 7

_OLD = """
SELECT d::date FROM generate_series(
  (SELECT min(day) FROM scoring_healthdaily), %(last)s::date, interval '1 day') AS d
WHERE extract(isodow FROM d) < %(sunday)s AND NOT EXISTS (
  SELECT FROM accounts_scheduleslot s
  WHERE s.key = %(key)s AND s.slot_at = (d::date)::timestamp AT TIME ZONE 'UTC')
ORDER BY d
"""
_THIN = """
DELETE FROM scoring_healthdaily h USING scoring_healthdaily kept
WHERE h.day = %(day)s AND kept.day = %(kept)s AND kept.account_id = h.account_id
  AND NOT EXISTS (
    SELECT FROM scoring_healthtransition t
    WHERE t.account_id = h.account_id AND t.day IN (%(day)s::date, %(day)s::date + 1))
"""


def thin_health_days(*, at: dt.datetime) -> int:
    """Thin out every old day that was not yet, each in its own transaction; return how many."""
    newest = Organisation.objects.day_of(at) - ONE_DAY
    last = newest - KEPT_DAILY - ONE_DAY
    with connection.cursor() as cursor:
        cursor.execute(_OLD, {"last": last, "sunday": SUNDAY, "key": SLOT_KEY})
        days = [day for (day,) in cursor.fetchall()]
    return sum(_thin(day) for day in days)


@transaction.atomic
def _thin(day: dt.date) -> int:
    if not take_slot(ScheduleSlot, key=SLOT_KEY, slot_at=slot_of(day)):
        return 0
    kept = day + (SUNDAY - day.isoweekday()) * ONE_DAY
    with connection.cursor() as cursor:
        cursor.execute(_THIN, {"day": day, "kept": kept})
    return 1
