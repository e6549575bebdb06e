"""Begin to count events apart, from the oldest raw event on, each exactly once.

Workers add events up under a lock they share, which is taken alone while the past is counted: who
has stored events but not added them up waits and then counts them for the new series, too; whoever
was further ahead has committed before the past is read. Scores are computed meanwhile: the tables
themselves are not locked, for a run holds the accounts that are marked for it afterwards.
"""

from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction

from scoring.models import EventName, EventSeries
from scoring.models.usage import KNOWN_THAT_DAY
from scoring.services.property_rollups import NEWEST_OF, VALUES_OF, of_events

_KEY = "hashtext('scoring.series')"
_WANTED = """
FROM scoring_event e
WHERE (%(event)s::integer IS NULL OR e.name_id = %(event)s)
  AND coalesce(e.properties, '{}') @> x.filter
"""
_DAYS = f"""
INSERT INTO scoring_usageday (account_id, day, series_id, known_on, n, total)
SELECT e.account_id, (e.occurred_at AT TIME ZONE %(zone)s)::date, -x.id,
  (greatest(e.received_at, e.occurred_at) AT TIME ZONE %(zone)s)::date,
  count(*),
  sum(CASE WHEN jsonb_typeof(e.properties -> x.summed_property) = 'number'
    AND abs((e.properties ->> x.summed_property)::numeric) < 1e15
    THEN (e.properties ->> x.summed_property)::numeric END)
FROM scoring_eventseries x CROSS JOIN LATERAL (SELECT e.* {_WANTED}) e
WHERE x.id = %(series)s
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""  # noqa: S608
#: Days of users in the raw events of a FROM clause; what stands there already is joined.
MONTHS_OF = """
INSERT INTO scoring_usermonth AS old (account_id, month, series_id, user_id, known_on, days)
SELECT d.account_id, date_trunc('month', d.day)::date, d.series_id, d.user_id,
  CASE WHEN d.day < d.known_on THEN d.known_on ELSE %(that_day)s::date END,
  bit_or(1 << (extract(day FROM d.day)::integer - 1))
FROM (
  SELECT e.account_id, e.user_id, {series} AS series_id,
    (e.occurred_at AT TIME ZONE %(zone)s)::date AS day,
    (e.received_at AT TIME ZONE %(zone)s)::date AS known_on
  FROM {events} AND e.user_id IS NOT NULL
) d
GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
ON CONFLICT (account_id, month, series_id, user_id, known_on)
DO UPDATE SET days = old.days | excluded.days
"""
_MONTHS = MONTHS_OF.replace("{series}", "-x.id").replace(
    "{events}",
    f"scoring_eventseries x CROSS JOIN LATERAL (SELECT e.* {_WANTED}) e"
    " WHERE x.id = %(series)s AND x.counts_users",
)
_PAST = {
    "events": f"scoring_eventseries x CROSS JOIN LATERAL (SELECT e.* {_WANTED}) e"
    " WHERE x.id = %(series)s",
    "day": "(e.occurred_at AT TIME ZONE %(zone)s)::date",
    "known_on": "(greatest(e.received_at, e.occurred_at) AT TIME ZONE %(zone)s)::date",
}
_NEWEST, _VALUES = of_events(NEWEST_OF, **_PAST), of_events(VALUES_OF, **_PAST)


def count_beside_others() -> None:
    """Add events up to the series there are, and let none begin until the commit."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock_shared({_KEY})")


def keep_counting_off() -> None:
    """Wait for everybody who adds events up, and keep them waiting until the commit."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({_KEY})")


@transaction.atomic
def begin_series(
    *, event: EventName | None, filter_: Mapping[str, Any], kept: Mapping[str, Any], zone: str
) -> EventSeries:
    """Count these events apart from now on, and those of the past that are still kept.

    :param kept: what of them is kept beside how many there were: fields of `EventSeries`.
    """
    keep_counting_off()
    with connection.cursor() as cursor:
        series: EventSeries = EventSeries.objects.create(event=event, filter=dict(filter_), **kept)
        values = {
            "series": series.pk,
            "event": event.pk if event else None,
            "zone": zone,
            "that_day": KNOWN_THAT_DAY,
        }
        cursor.execute(_DAYS, values)
        cursor.execute(_MONTHS, values)
        cursor.execute(_NEWEST, values)
        cursor.execute(_VALUES, values)
    return series
