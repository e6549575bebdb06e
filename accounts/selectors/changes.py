"""Who changed what, from what to what: lines of the history tables, newest first, page by page.

A *trail* is one table of changes. Tracked tables have their events; dated facts that carry no
events (they are too many) are read themselves, since they are never changed but retracted. Their
author is that of the owner's event of the same transaction.

All trails are read by one statement, each from its own position, so that a page costs the same
however many pages came before, and merged by time.
"""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pghistory.models
from django.apps import apps
from django.core import signing
from django.db import connection
from psycopg import sql

from config.lib.pagination import BadCursor

_SALT = "yorisoi.changes"
_EVENTS = """
SELECT {key} AS trail, e.place, e.at, e.action, e.obj, e.new,
  (SELECT to_jsonb(p) FROM {table} p WHERE p.pgh_obj_id = e.obj AND p.pgh_id < e.place
   ORDER BY p.pgh_id DESC LIMIT 1) AS old, e.context
FROM (
  SELECT t.pgh_id::bigint AS place, t.pgh_created_at AS at, t.pgh_label AS action,
    t.pgh_obj_id AS obj, to_jsonb(t) AS new, t.pgh_context_id AS context
  FROM {table} t WHERE {rules} AND t.pgh_id < {before} ORDER BY t.pgh_id DESC LIMIT {limit}
) e
"""
_FACTS = """
SELECT {key} AS trail, t.place, t.at, 'fact' AS action, t.id AS obj,
  to_jsonb(t) AS new, NULL::jsonb AS old,
  (SELECT e.pgh_context_id FROM {events} e WHERE e.pgh_obj_id = t.{owner} AND e.xmin = t.writer
   AND e.pgh_created_at BETWEEN t.at - interval '1 hour' AND t.at + interval '1 hour'
   LIMIT 1) AS context
FROM (
  SELECT f.*, f.xmin AS writer, coalesce(f.retracted_at, f.recorded_at) AS at,
    row_number() OVER (ORDER BY coalesce(f.retracted_at, f.recorded_at), f.id) AS place
  FROM {table} f WHERE f.{owner} = {number}
) t WHERE {rules} AND t.place < {before} ORDER BY t.place DESC LIMIT {limit}
"""
#: Within a trail lines are taken in the order of their places; a transaction that began early and
#: wrote late would else fall between two pages.
_PAGE = """
SELECT u.trail, u.place, u.at, u.action, u.obj, u.new, u.old, c.metadata
FROM (SELECT *, min(at) OVER (PARTITION BY trail ORDER BY place DESC) AS merged
      FROM ({trails}) every) u
LEFT JOIN pghistory_context c ON c.id = u.context
ORDER BY u.merged DESC, u.trail, u.place DESC LIMIT {limit}
"""
_LAST = 2**62


@dataclass(frozen=True)
class Trail:
    """One table of changes of `model`; `owner` is the column that holds the record's number.

    Without an owner it is the whole table. `events` is the table of events; for dated facts
    without events of their own it is that of their record. `where` are columns and what they hold.
    """

    key: str
    model: Any
    events: str
    owner: str = ""
    is_fact: bool = False
    where: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Asked:
    """Which changes are wanted."""

    number: int | None = None
    user: int | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None


@dataclass(frozen=True)
class Change:
    """One line: the row before and after as stored, and what the writer left about itself."""

    trail: str
    place: int
    at: dt.datetime
    action: str
    obj: int
    new: Mapping[str, Any]
    old: Mapping[str, Any] | None
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ChangePage:
    """Lines in order, newest first, and the way to older ones."""

    rows: list[Change]
    next_cursor: str | None
    previous_cursor: str | None = None


def event_table(model: Any) -> str:
    """Return the table of a tracked model's events, or nothing."""
    return _event_tables().get(model, "")


def all_trails() -> list[Trail]:
    """Return one trail for every tracked model, whole."""
    return [
        Trail(model._meta.label_lower, model, table)
        for model, table in sorted(
            _event_tables().items(), key=lambda pair: str(pair[0]._meta.label_lower)
        )
    ]


def _event_tables() -> dict[Any, str]:
    models = apps.get_models(include_auto_created=True)
    return {
        model.pgh_tracked_model: model._meta.db_table
        for model in models
        if issubclass(model, pghistory.models.Event) and hasattr(model, "pgh_tracked_model")
    }


def changes(
    trails: Sequence[Trail], asked: Asked, *, cursor: str | None = None, size: int = 50
) -> ChangePage:
    """Return a page of the changes of all trails, newest first, in one statement.

    :raises BadCursor: for a cursor this list did not hand out.
    """
    positions = _read(cursor)
    parts = [
        _statement(trail, asked, positions.get(trail.key, _LAST), size + 1) for trail in trails
    ]
    page = sql.SQL(_PAGE).format(
        trails=sql.SQL(" UNION ALL ").join(sql.SQL("({})").format(part) for part in parts),
        limit=sql.Literal(size + 1),
    )
    with connection.cursor() as db:
        db.execute(page.as_string(db.connection))
        rows = [_change(*row) for row in db.fetchall()]
    if len(rows) <= size:
        return ChangePage(rows, None)
    rows = rows[:size]
    for row in rows:
        positions[row.trail] = min(row.place, positions.get(row.trail, _LAST))
    return ChangePage(rows, signing.dumps(positions, salt=_SALT))


def _statement(trail: Trail, asked: Asked, before: int, limit: int) -> sql.Composed:
    shape = sql.SQL(_FACTS if trail.is_fact else _EVENTS)
    return shape.format(
        key=sql.Literal(trail.key),
        table=sql.Identifier(trail.model._meta.db_table if trail.is_fact else trail.events),
        events=sql.Identifier(trail.events),
        owner=sql.Identifier(trail.owner),
        number=sql.Literal(asked.number),
        rules=sql.SQL(" AND ").join(_rules(trail, asked)),
        before=sql.Literal(before),
        limit=sql.Literal(limit),
    )


def _rules(trail: Trail, asked: Asked) -> list[sql.Composable]:
    at = sql.Identifier("t", "at" if trail.is_fact else "pgh_created_at")
    rules: list[sql.Composable] = [sql.SQL("true")]
    if trail.owner:
        rules.append(
            sql.SQL("{} = {}").format(sql.Identifier("t", trail.owner), sql.Literal(asked.number))
        )
    rules += [
        sql.SQL("{} = {}").format(sql.Identifier("t", column), sql.Literal(value))
        for column, value in trail.where
    ]
    if asked.user is not None:
        rules.append(
            sql.SQL(
                "t.pgh_context_id IN (SELECT id FROM pghistory_context WHERE metadata @> {})"
            ).format(sql.Literal(json.dumps({"user": asked.user})))
        )
    if asked.since is not None:
        rules.append(sql.SQL("{} >= {}").format(at, sql.Literal(asked.since)))
    if asked.until is not None:
        rules.append(sql.SQL("{} < {}").format(at, sql.Literal(asked.until)))
    return rules


def _change(
    trail: str,
    place: int,
    at: dt.datetime,
    action: str,
    obj: int,
    new: Any,
    old: Any,
    metadata: Any,
) -> Change:
    return Change(
        trail, place, at, action, obj, _json(new) or {}, _json(old), _json(metadata) or {}
    )


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _read(cursor: str | None) -> dict[str, int]:
    if not cursor:
        return {}
    try:
        positions: dict[str, int] = signing.loads(cursor, salt=_SALT)
    except signing.BadSignature as error:
        raise BadCursor from error
    return positions


def count_changes(trails: Sequence[Trail], asked: Asked) -> int:
    """Return how many changes there are, in one statement that reads every table."""
    parts = [
        sql.SQL("SELECT count(*) AS n FROM {} t WHERE {}").format(
            sql.Identifier(trail.events), sql.SQL(" AND ").join(_rules(trail, asked))
        )
        for trail in trails
    ]
    total = sql.SQL("SELECT sum(n) FROM ({}) every").format(sql.SQL(" UNION ALL ").join(parts))
    with connection.cursor() as db:
        db.execute(total.as_string(db.connection))
        return int(db.fetchone()[0] or 0)
