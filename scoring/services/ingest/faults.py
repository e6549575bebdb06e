"""What is wrong with what a source sends, counted by reason: nothing that was sent is kept.

A sender may invent fields without end, so only the outermost one is told, and no value at all.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db import connection

from scoring.choices import CountFault
from scoring.domain.batches import Refusal

_NOTE = """
INSERT INTO scoring_sourcefault AS old (write_key_id, day, code, field, is_body, n, last_at)
SELECT %(write_key)s, (%(at)s::timestamptz AT TIME ZONE %(zone)s)::date, f.code, f.field,
  %(is_body)s, f.n, %(at)s
FROM unnest(%(codes)s::text[], %(fields)s::text[], %(numbers)s::bigint[]) AS f(code, field, n)
ORDER BY 3, 4
ON CONFLICT (write_key_id, day, code, field, is_body) DO UPDATE
SET n = old.n + excluded.n, last_at = greatest(old.last_at, excluded.last_at)
"""

#: A property of which sums are kept and that is there, but is no number a sum can hold.
_NOT_SUMMED = """
INSERT INTO scoring_sourcefault AS old (write_key_id, day, code, field, is_body, n, last_at)
SELECT i.write_key_id, (i.received_at AT TIME ZONE %(zone)s)::date, %(code)s,
  left('/properties/' || n.summed_property, 120), false, count(*), max(i.received_at)
FROM scoring_eventname n JOIN ingest_item i ON i.name_id = n.id
WHERE n.summed_property <> '' AND i.properties ? n.summed_property
  AND NOT CASE WHEN jsonb_typeof(i.properties -> n.summed_property) = 'number'
    THEN abs((i.properties ->> n.summed_property)::numeric) < 1e15
    ELSE i.properties -> n.summed_property = 'null' END
GROUP BY 1, 2, 4 ORDER BY 1, 2, 4
ON CONFLICT (write_key_id, day, code, field, is_body) DO UPDATE
SET n = old.n + excluded.n, last_at = greatest(old.last_at, excluded.last_at)
"""


def note_refused_items(
    *, write_key_id: int, refused: Iterable[Refusal], zone: str, at: dt.datetime
) -> None:
    """Count items that were not taken, by reason and outermost field."""
    counts = Counter((refusal.code, _outermost(refusal.field)) for refusal in refused)
    _note(write_key_id, counts, zone=zone, at=at, is_body=False)


def note_refused_body(*, write_key_id: int, code: str, zone: str, at: dt.datetime) -> None:
    """Count a request of which nothing could be read."""
    _note(write_key_id, Counter({(code, ""): 1}), zone=zone, at=at, is_body=True)


def note_unsummed(*, zone: str) -> None:
    """Count the properties of fresh messages that should be numbers to be added up and are none."""
    with connection.cursor() as cursor:
        cursor.execute(_NOT_SUMMED, {"zone": zone, "code": CountFault.NOT_SUMMED})


def _note(
    write_key_id: int,
    counts: Counter[tuple[str, str]],
    *,
    zone: str,
    at: dt.datetime,
    is_body: bool,
) -> None:
    if not counts:
        return
    values: dict[str, Any] = {
        "write_key": write_key_id,
        "at": at,
        "zone": zone,
        "is_body": is_body,
        "codes": [code for code, _ in counts],
        "fields": [field for _, field in counts],
        "numbers": list(counts.values()),
    }
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, values)


def _outermost(field: str) -> str:
    return "/".join(field.split("/")[:2])
