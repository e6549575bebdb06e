"""The temporary tables of one session: messages as they came, then those not seen before.

`ingest_stage` is filled by COPY, a quarter of the cost of arrays. `ingest_item` holds the fresh
messages with what is known about them: account, user, days. Both are empty at each commit.
"""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection

from scoring.domain.batches import read_batch
from scoring.domain.messages import Message
from scoring.domain.wire import read_object, unpack
from scoring.models import IngestBatch
from scoring.services.ingest.erased import Erased

#: Bodies were measured when they were accepted; the limit may have been lowered since.
UNPACKED_LIMIT = 64 * 1024 * 1024

_TABLES = """
CREATE TEMP TABLE IF NOT EXISTS ingest_stage (
  batch_id bigint, write_key_id bigint, is_import boolean, received_at timestamptz,
  known_at timestamptz, message_id uuid, kind text, group_key text, user_key text, name text,
  occurred_at timestamptz, properties jsonb
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS ingest_item (
  batch_id bigint, write_key_id bigint, is_import boolean, received_at timestamptz,
  message_id uuid, kind text, group_key text, user_key text, name text, occurred_at timestamptz,
  properties jsonb, account_id bigint, user_id bigint, name_id integer, day date, known_on date
) ON COMMIT DELETE ROWS;
DELETE FROM ingest_stage;
DELETE FROM ingest_item;
"""

_COPY = """
COPY ingest_stage (batch_id, write_key_id, is_import, received_at, known_at, message_id, kind,
  group_key, user_key, name, occurred_at, properties) FROM STDIN
"""

#: The series of names beyond the limit: a sender who puts ids into names must not fill the tables.
OTHER = "(other)"

_NAMES = """
WITH fresh AS (
  SELECT DISTINCT name FROM ingest_stage s
  WHERE name IS NOT NULL AND NOT EXISTS (SELECT FROM scoring_eventname n WHERE n.name = s.name)
), room AS (
  SELECT greatest(0, %(most)s - count(*)) AS names FROM scoring_eventname
)
INSERT INTO scoring_eventname (name, counts_users, summed_property)
SELECT name, false, '' FROM (
  (SELECT name FROM fresh ORDER BY name LIMIT (SELECT names FROM room))
  UNION ALL
  SELECT %(other)s WHERE (SELECT count(*) FROM fresh) > (SELECT names FROM room)
) n ORDER BY name ON CONFLICT DO NOTHING
"""

#: LATERAL … OFFSET 0 looks each key up; a join would hash whole tables for a hundred events.
_ITEMS = """
INSERT INTO ingest_item
SELECT s.batch_id, s.write_key_id, s.is_import, s.received_at, s.message_id, s.kind, s.group_key,
  k.user_key, s.name, s.occurred_at,
  CASE WHEN n.id IS NULL AND s.name IS NOT NULL
    THEN coalesce(s.properties, '{}') || jsonb_build_object('event', s.name)
    ELSE s.properties END,
  k.account_id, u.id, CASE WHEN s.name IS NOT NULL THEN coalesce(n.id, o.id) END,
  (s.occurred_at AT TIME ZONE %(zone)s)::date,
  greatest((s.known_at AT TIME ZONE %(zone)s)::date, %(open_on)s::date)
FROM fresh JOIN ingest_stage s USING (message_id)
LEFT JOIN LATERAL (
  SELECT user_key FROM scoring_useralias WHERE previous_key = s.user_key OFFSET 0) l ON true
LEFT JOIN LATERAL (
  SELECT coalesce(merged_into_id, id) AS id FROM accounts_account
  WHERE external_id = s.group_key OFFSET 0) a ON true
LEFT JOIN LATERAL (
  SELECT coalesce(h.merged_into_id, h.id) AS id
  FROM accounts_externalref x JOIN accounts_account h ON h.id = x.object_id
  WHERE a.id IS NULL AND x.kind = 'account' AND x.source IN ('external_id', 'usage')
    AND x.value = s.group_key ORDER BY x.source LIMIT 1
) r ON true
LEFT JOIN LATERAL (
  SELECT coalesce(h.merged_into_id, h.id) AS account_id
  FROM accounts_contact p JOIN accounts_account h ON h.id = p.account_id
  WHERE p.external_id = coalesce(l.user_key, s.user_key) AND s.group_key IS NULL OFFSET 0
) c ON true
CROSS JOIN LATERAL (
  SELECT coalesce(l.user_key, s.user_key) AS user_key,
    coalesce(a.id, r.id, c.account_id) AS account_id
  OFFSET 0) k
LEFT JOIN LATERAL (
  SELECT id FROM scoring_usageuser
  WHERE account_id = k.account_id AND user_key = k.user_key OFFSET 0) u ON true
LEFT JOIN scoring_eventname n ON n.name = s.name
LEFT JOIN scoring_eventname o ON o.name = %(other)s
"""

_UNSEEN = """
WITH fresh AS (
  INSERT INTO scoring_eventseen (message_id, seen_on)
  SELECT message_id, CASE WHEN NOT is_import THEN (received_at AT TIME ZONE %(zone)s)::date END
  FROM ingest_stage ORDER BY message_id ON CONFLICT DO NOTHING RETURNING message_id)
"""

_ALL = "WITH fresh AS (SELECT message_id FROM ingest_stage)"


def open_stage() -> None:
    """Make the tables of this session, or empty them."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)


@dataclass(frozen=True, slots=True)
class Bodies:
    """What batches hold: rows for the stage, aliases, and how many rows each batch gave."""

    rows: list[tuple[Any, ...]]
    aliases: list[Message]
    counts: dict[int, int]


def read_bodies(batches: Iterable[IngestBatch]) -> Bodies:
    """Read the messages of these batches; of equal ones the first."""
    rows: dict[Any, tuple[Any, ...]] = {}
    bodies = Bodies([], [], {})
    erased = Erased()
    for batch in batches:
        bodies.counts[batch.pk] = 0
        for index, sent in _messages(batch):
            if (message := erased.left_of(sent)) is None:
                continue
            if message.kind == "alias":
                bodies.aliases.append(message)
                continue
            bodies.counts[batch.pk] += 1
            identity = message.identity(write_key=batch.write_key_id, batch=batch.pk, index=index)
            if identity not in rows:
                rows[identity] = _row(batch, identity, message)
    bodies.rows.extend(rows.values())
    return bodies


def copy_to_stage(rows: Iterable[tuple[Any, ...]]) -> None:
    """Fill the stage."""
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for row in rows:
            copy.write_row(row)


def keep_unseen(*, zone: str, open_on: dt.date) -> None:
    """Name what is new, remember the messages, and pass on those never stored before."""
    _pass_on(_UNSEEN + _ITEMS, zone, open_on)


def keep_all(*, zone: str, open_on: dt.date) -> None:
    """Pass on everything staged: messages that were remembered when they came."""
    _pass_on(_ALL + _ITEMS, zone, open_on)


def _pass_on(statement: str, zone: str, open_on: dt.date) -> None:
    most = settings.INGEST_MAX_EVENT_NAMES
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, {"most": most, "other": OTHER})
        cursor.execute(statement, {"zone": zone, "open_on": open_on, "other": OTHER})


def _messages(batch: IngestBatch) -> list[tuple[int, Message]]:
    text = unpack(bytes(batch.body or b""), limit=UNPACKED_LIMIT)
    document = read_object(text)
    return read_batch(document, received_at=batch.received_at, is_import=batch.is_import).taken


def _row(batch: IngestBatch, identity: Any, message: Message) -> tuple[Any, ...]:
    return (
        batch.pk,
        batch.write_key_id,
        batch.is_import,
        batch.received_at,
        batch.received_at,
        identity,
        message.kind,
        message.group_key,
        message.user_key,
        message.name,
        message.occurred_at,
        json.dumps(message.properties) if message.properties else None,
    )
