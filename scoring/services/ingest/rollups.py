"""Store events and add them up, in the transaction that resolved them: exactly once.

Rows are written in the order of their keys, so that two workers never wait for each other in a
circle. A closed `known_on` is never written: `batches` chose one that is open.
"""

import datetime as dt
from collections.abc import Mapping

from django.db import connection

from scoring.models.usage import ANY_EVENT, KNOWN_THAT_DAY
from scoring.services.event_series import count_beside_others
from scoring.services.property_rollups import NEWEST_OF, VALUES_OF, of_events

_EVENTS = """
INSERT INTO scoring_event (batch_id, message_id, account_id, user_id, name_id, occurred_at,
  received_at, properties)
SELECT batch_id, message_id, account_id, user_id, name_id, occurred_at, received_at, properties
FROM ingest_item WHERE account_id IS NOT NULL AND name_id IS NOT NULL
"""

#: A property may be a number on Monday and text on Tuesday: only numbers are ever cast, and only
#: those a sum can hold.
_DAYS = """
INSERT INTO scoring_usageday AS old (account_id, day, series_id, known_on, n, total)
SELECT i.account_id, i.day, s.series_id, i.known_on, count(*),
  sum(CASE WHEN jsonb_typeof(i.properties -> s.summed_property) = 'number'
    AND abs((i.properties ->> s.summed_property)::numeric) < 1e15
    THEN (i.properties ->> s.summed_property)::numeric END)
FROM ingest_item i JOIN scoring_eventname n ON n.id = i.name_id
CROSS JOIN LATERAL (
  SELECT n.id AS series_id, n.summed_property
  UNION ALL
  SELECT -x.id, x.summed_property FROM scoring_eventseries x
  WHERE (x.event_id IS NULL OR x.event_id = n.id) AND coalesce(i.properties, '{}') @> x.filter) s
WHERE i.account_id IS NOT NULL
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
ON CONFLICT (account_id, day, series_id, known_on) DO UPDATE SET n = old.n + excluded.n,
  total = CASE WHEN excluded.total IS NULL THEN old.total
    ELSE coalesce(old.total, 0) + excluded.total END
"""

#: A bit known on its own day needs no date; a late one goes to a row of the day it became known.
_MONTHS = """
INSERT INTO scoring_usermonth AS old (account_id, month, series_id, user_id, known_on, days)
SELECT i.account_id, date_trunc('month', i.day)::date, s.series_id, i.user_id,
  CASE WHEN i.day < i.known_on THEN i.known_on ELSE %(that_day)s::date END,
  bit_or(1 << (extract(day FROM i.day)::integer - 1))
FROM ingest_item i JOIN scoring_eventname n ON n.id = i.name_id
CROSS JOIN LATERAL (
  SELECT %(any)s AS series_id UNION ALL SELECT n.id WHERE n.counts_users UNION ALL
  SELECT -x.id FROM scoring_eventseries x WHERE x.counts_users
    AND (x.event_id IS NULL OR x.event_id = n.id) AND coalesce(i.properties, '{}') @> x.filter) s
WHERE i.user_id IS NOT NULL
GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
ON CONFLICT (account_id, month, series_id, user_id, known_on) DO UPDATE
SET days = old.days | excluded.days WHERE old.days | excluded.days <> old.days
"""

_TOLD = {
    "events": """ingest_item e JOIN scoring_eventseries x
    ON (x.event_id IS NULL OR x.event_id = e.name_id) AND coalesce(e.properties, '{}') @> x.filter
  WHERE e.account_id IS NOT NULL AND e.name_id IS NOT NULL""",
    "day": "e.day",
    "known_on": "e.known_on",
}
_NEWEST, _VALUES = of_events(NEWEST_OF, **_TOLD), of_events(VALUES_OF, **_TOLD)

_SOURCES = """
INSERT INTO scoring_source AS old (write_key_id, account_id, first_event_at, last_event_at)
SELECT write_key_id, account_id, min(received_at), max(received_at)
FROM ingest_item WHERE account_id IS NOT NULL AND NOT is_import
GROUP BY write_key_id, account_id ORDER BY account_id, write_key_id
ON CONFLICT (account_id, write_key_id) DO UPDATE
SET first_event_at = least(old.first_event_at, excluded.first_event_at),
  last_event_at = greatest(old.last_event_at, excluded.last_event_at)
WHERE excluded.last_event_at > old.last_event_at OR excluded.first_event_at < old.first_event_at
"""

#: A day is noted once a name; whoever finds the name held by another worker leaves it to them.
_LAST_SEEN = """
UPDATE scoring_eventname n SET last_on = seen.day FROM (
  SELECT e.id, i.day FROM scoring_eventname e
  JOIN (SELECT name_id, max(day) AS day FROM ingest_item GROUP BY name_id) i ON i.name_id = e.id
  WHERE e.last_on IS NULL OR e.last_on < i.day
  ORDER BY e.id FOR NO KEY UPDATE OF e SKIP LOCKED
) seen WHERE seen.id = n.id
"""

_TOUCHED = "SELECT DISTINCT account_id FROM ingest_item WHERE account_id IS NOT NULL ORDER BY 1"


def store_events() -> None:
    """Keep the resolved messages as events."""
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS)


def add_up() -> list[int]:
    """Write roll-ups, sources and names of the resolved messages; return the accounts touched."""
    count_beside_others()
    with connection.cursor() as cursor:
        cursor.execute(_DAYS)
        cursor.execute(_MONTHS, {"any": ANY_EVENT, "that_day": KNOWN_THAT_DAY})
        cursor.execute(_NEWEST)
        cursor.execute(_VALUES, {"that_day": KNOWN_THAT_DAY})
        cursor.execute(_SOURCES)
        cursor.execute(_LAST_SEEN)
        cursor.execute(_TOUCHED)
        return [account for (account,) in cursor.fetchall()]


_MISSING_MONTHS = """
SELECT count(scoring_add_usage_months(month, month)) FROM (
  SELECT DISTINCT date_trunc('month', (occurred_at AT TIME ZONE %(zone)s))::date AS month
  FROM ingest_stage) s
WHERE to_regclass('scoring_usageday_p' || to_char(month, 'YYYYMM')) IS NULL
"""


def prepare_months(*, zone: str) -> None:
    """Make the partitions that staged messages of the past need."""
    with connection.cursor() as cursor:
        cursor.execute(_MISSING_MONTHS, {"zone": zone})


_ARRIVALS = """
INSERT INTO scoring_sourceday AS old (write_key_id, day, last_arrival_at, items, repeated, late,
  unknown)
SELECT b.write_key_id, (b.received_at AT TIME ZONE %(zone)s)::date, max(b.received_at),
  sum(b.items), sum(s.n - coalesce(f.fresh, 0)), sum(coalesce(f.late, 0)),
  sum(coalesce(f.unknown, 0))
FROM unnest(%(ids)s::bigint[], %(staged)s::bigint[]) AS s(id, n)
JOIN scoring_ingestbatch b ON b.id = s.id AND NOT b.is_import
LEFT JOIN (
  SELECT batch_id, count(*) AS fresh, count(*) FILTER (WHERE account_id IS NULL) AS unknown,
    count(*) FILTER (WHERE day < (received_at AT TIME ZONE %(zone)s)::date) AS late
  FROM ingest_item GROUP BY batch_id
) f ON f.batch_id = b.id
GROUP BY 1, 2 ORDER BY 1, 2
ON CONFLICT (write_key_id, day) DO UPDATE
SET last_arrival_at = greatest(old.last_arrival_at, excluded.last_arrival_at),
  items = old.items + excluded.items, repeated = old.repeated + excluded.repeated,
  late = old.late + excluded.late, unknown = old.unknown + excluded.unknown
"""

_DONE = """
UPDATE scoring_ingestbatch SET done_at = %(at)s, body = NULL, last_error = ''
WHERE id = ANY(%(ids)s)
"""


def end_batches(*, staged: Mapping[int, int], zone: str, at: dt.datetime) -> None:
    """Note what arrived and that these batches are dealt with; their bodies go.

    :param staged: batch → how many of its messages were staged.
    """
    ids = list(staged)
    with connection.cursor() as cursor:
        cursor.execute(_ARRIVALS, {"ids": ids, "staged": list(staged.values()), "zone": zone})
        cursor.execute(_DONE, {"ids": ids, "at": at})
