"""Take back what an import wrote, set by set, leaving what somebody has touched since.

The trace of the import says which rows of which tables it made, changed, recorded and retracted.
A row counts as edited when it is no longer what the history says the import left, when a fact was
recorded or retracted after it, or when something was added to a record it had made. Rows that
belong together stand or fall together: an account, its facts, the contract behind its ARR.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.apps import apps

from accounts.models import ImportRun, Touchpoint
from accounts.registry import restorings
from accounts.services.imports.copies import keep_as_known
from accounts.services.imports.leftovers import ROWS, find_repeated
from accounts.services.imports.settled_words import (
    ATTRIBUTES,
    FACTS,
    note_settled_words,
    was_settled,
)
from accounts.services.imports.stage import Stage
from accounts.services.imports.talk_reach import may_read
from config.lib.recorded import Recorded

#: For a transaction that takes back several imports.
_CLEAN = """
DROP TABLE IF EXISTS pg_temp.undo_row, pg_temp.undo_blocked, pg_temp.undo_todo, pg_temp.import_plan,
  pg_temp.undo_word
"""
_BLOCKED = """
CREATE TEMP TABLE undo_blocked (tab text, id bigint, reason text, PRIMARY KEY (tab, id))
ON COMMIT DROP
"""
_BLOCK = "INSERT INTO undo_blocked (tab, id, reason) {rows} ON CONFLICT DO NOTHING"
_LOCK = """
SELECT count(*) FROM (
  SELECT t.id FROM {table} t JOIN undo_row r ON r.tab = '{table}' AND r.id = t.id
  ORDER BY t.id FOR NO KEY UPDATE OF t) AS locked
"""
#: What the history says the import left behind, and what stood there before it came.
_AFTER = """
CREATE TEMP TABLE {name}_after ON COMMIT DROP AS
SELECT DISTINCT ON (pgh_obj_id) *, min(pgh_id) OVER (PARTITION BY pgh_obj_id) AS first_id
FROM {event} WHERE pgh_context_id = %(context)s ORDER BY pgh_obj_id, pgh_id DESC
"""
_BEFORE = """
CREATE TEMP TABLE {name}_before ON COMMIT DROP AS
SELECT DISTINCT ON (e.pgh_obj_id) e.* FROM {name}_after a
JOIN {event} e ON e.pgh_obj_id = a.pgh_obj_id AND e.pgh_id < a.first_id
JOIN undo_row r ON r.tab = '{table}' AND r.id = a.pgh_obj_id AND r.kind = 'updated'
ORDER BY e.pgh_obj_id, e.pgh_id DESC
"""
#: A row that was written as it was, because only its facts changed, left no event and needs none.
_EDITED = """
SELECT r.tab, r.id, CASE WHEN t.id IS NULL THEN 'gone' ELSE 'edited' END
FROM undo_row r LEFT JOIN {table} t ON t.id = r.id LEFT JOIN {name}_after a ON a.pgh_obj_id = r.id
WHERE r.tab = '{table}' AND r.kind <> 'retracted'
  AND (t.id IS NULL
    OR a.pgh_obj_id IS NOT NULL AND ({columns_t}) IS DISTINCT FROM ({columns_a}))
"""
_BEFORE_LOST = """
SELECT r.tab, r.id, 'lost' FROM undo_row r JOIN {name}_after a ON a.pgh_obj_id = r.id
LEFT JOIN {name}_before b ON b.pgh_obj_id = r.id
WHERE r.tab = '{table}' AND r.kind = 'updated' AND b.pgh_obj_id IS NULL
"""
_UNTRACKED = "SELECT tab, id, 'lost' FROM undo_row WHERE tab = '{table}' AND kind = 'updated'"
#: A copy of what was known is retracted from its beginning; else a fact stands as it was recorded.
#: Where a history tells what was edited, an undo may have given back what the import left.
_FACT_EDITED = """
SELECT r.tab, r.id, 'edited' FROM undo_row r LEFT JOIN {table} t ON t.id = r.id
WHERE r.tab = '{table}' AND r.kind = 'recorded'
  AND (t.id IS NULL OR t.retracted_at > r.since
       OR t.retracted_at IS NULL AND t.recorded_at > r.since AND NOT {told})
"""
_FACT_SINCE = """
SELECT r.tab, r.id, 'edited' FROM undo_row r JOIN {table} t ON t.id = r.id
WHERE r.tab = '{table}' AND r.kind IN ('recorded', 'retracted') AND EXISTS (
  SELECT FROM {table} n WHERE {same} AND n.retracted_at IS NULL AND n.recorded_at > %(imported)s
    AND NOT {settled} AND NOT EXISTS (SELECT FROM undo_row o
      WHERE o.tab = '{table}' AND o.id = n.id AND o.kind = 'recorded' AND n.recorded_at <= o.since))
"""
_USED = """
SELECT r.tab, r.id, 'used' FROM undo_row r JOIN {table} c ON c.{column} = r.id
WHERE r.tab = '{parent}' AND r.kind IN ('created', 'recorded') AND {standing} {is_other}
"""
_NOT_OURS = "AND NOT EXISTS (SELECT FROM undo_row o WHERE o.tab = '{table}' AND o.id = c.id)"
_FOREIGN = """
SELECT r.tab, r.id, 'foreign' FROM undo_row r JOIN {table} t ON t.id = r.id
{by}JOIN accounts_account a ON a.id = {account}
WHERE r.tab = '{table}' AND NOT ({reaches} AND {reads})
"""
#: What lies at an account that went into another is settled; taken back it could be open there.
_MERGED = """
SELECT r.tab, r.id, 'merged' FROM undo_row r JOIN {table} t ON t.id = r.id
{by}JOIN accounts_account a ON a.id = {account}
WHERE r.tab = '{table}' AND r.kind <> 'created' AND a.merged_into_id IS NOT NULL
"""
_UP = """
SELECT o.tab, o.id, 'linked' FROM undo_blocked k JOIN {table} c ON k.tab = '{table}' AND c.id = k.id
JOIN undo_row o ON o.tab = '{parent}' AND o.id = c.{column} {which}
"""
_DOWN = """
SELECT o.tab, o.id, 'linked' FROM undo_blocked k JOIN {table} c
  ON k.tab = '{parent}' AND c.{column} = k.id
JOIN undo_row o ON o.tab = '{table}' AND o.id = c.id
"""
_STANDS = """
CREATE TEMP TABLE undo_todo ON COMMIT DROP AS
SELECT r.tab, r.id, r.kind FROM undo_row r
WHERE NOT EXISTS (SELECT FROM undo_blocked k WHERE k.tab = r.tab AND k.id = r.id)
  AND NOT (r.kind = 'retracted' AND EXISTS (
    SELECT FROM undo_row o WHERE o.tab = r.tab AND o.id = r.id AND o.kind = 'recorded'))
"""
_RETRACT = """
UPDATE {table} t SET retracted_at = %(at)s FROM undo_todo u
WHERE u.tab = '{table}' AND u.kind = 'recorded' AND u.id = t.id AND t.retracted_at IS NULL
"""
_ANEW = """
INSERT INTO {table} ({columns}, recorded_at) SELECT {values}, %(at)s
FROM undo_todo u JOIN {table} t ON t.id = u.id WHERE u.tab = '{table}' AND u.kind = 'retracted'
"""
_RESTORE = """
UPDATE {table} t SET {assigned} FROM {name}_before b JOIN undo_todo u
  ON u.tab = '{table}' AND u.kind = 'updated' AND u.id = b.pgh_obj_id
WHERE t.id = u.id
"""
_ARCHIVE = """
UPDATE {table} t SET {assigned} FROM undo_todo u
WHERE u.tab = '{table}' AND u.kind = 'created' AND u.id = t.id
"""
#: Parts without a life of their own, such as a domain; the history keeps them.
_DELETE = """
DELETE FROM {table} t USING undo_todo u
WHERE u.tab = '{table}' AND u.kind = 'created' AND u.id = t.id
"""
_PLAN = """
CREATE TEMP TABLE import_plan ON COMMIT DROP AS
SELECT id AS target_id FROM undo_todo WHERE tab = '{table}' AND kind = 'updated'
"""


@dataclass(frozen=True)
class Table:
    """One table an import wrote to, and what its model says about it."""

    model: Any

    @property
    def name(self) -> str:
        """Return the name of the table."""
        return str(self.model._meta.db_table)

    @cached_property
    def event(self) -> Any:
        """Return the model of its history; None for what is not tracked."""
        every = apps.get_models(include_auto_created=True)
        return next((m for m in every if getattr(m, "pgh_tracked_model", None) is self.model), None)

    @cached_property
    def columns(self) -> list[str]:
        """Return the columns of the table but for its key and what the database derives."""
        fields = self.model._meta.concrete_fields
        return [field.column for field in fields if not (field.primary_key or field.generated)]

    @property
    def kept(self) -> list[str]:
        """Return the columns its history keeps and people write; when it was known is no edit."""
        derived = restorings.get(self.name).derived if self.name in restorings else ()
        known = {field.column for field in self.event._meta.concrete_fields}
        apart = {*derived, "created_at", "updated_at", "recorded_at", "is_declared"}
        return [name for name in self.columns if name in known - apart]

    @property
    def is_fact(self) -> bool:
        """Say whether rows are dated facts of another record."""
        return issubclass(self.model, Recorded)

    @property
    def owner(self) -> list[str]:
        """Return the columns that say whose a dated fact is."""
        if self.name in restorings and restorings.get(self.name).owner:
            return list(restorings.get(self.name).owner)
        first = next(f.column for f in self.model._meta.concrete_fields if f.is_relation)
        return [first, *({"key", "role"} & set(self.columns))]

    @property
    def account(self) -> str:
        """Return the column that leads to the account; empty where none does."""
        if self.name == "accounts_account":
            return "id"
        return "account_id" if "account_id" in self.columns else ""

    @property
    def way_to_account(self) -> tuple[str, str] | None:
        """Return the join that leads from `t` to the account and the SQL of its id; None for none.

        What has no account itself, such as an amount, is of the account of its record.
        """
        if self.account:
            return "", f"t.{self.account}"
        if self.name in restorings and restorings.get(self.name).account:
            return "", restorings.get(self.name).account
        for field in self.model._meta.concrete_fields:
            if field.is_relation and not field.null and Table(field.related_model).account:
                holder = Table(field.related_model)
                return f"JOIN {holder.name} b ON b.id = t.{field.column}\n", f"b.{holder.account}"
        return None


def tables_of(run: ImportRun) -> list[Table]:
    """Return the tables the import wrote to, in the order it did."""
    written = run.effects.order_by("pk").values_list("table", flat=True)
    every = {m._meta.db_table: m for m in apps.get_models(include_auto_created=True)}
    return [Table(every[name]) for name in dict.fromkeys(written)]


def find_blocked(stage: Stage, tables: list[Table]) -> None:
    """Fill `undo_row` with what was written, `undo_blocked` with what can't be taken back."""
    stage.run(_CLEAN)
    stage.run(ROWS)
    stage.run("CREATE INDEX ON undo_row (tab, id)")
    stage.run("ANALYZE undo_row")
    stage.run(_BLOCKED)
    for table in tables:
        if table.is_fact:
            find_repeated(stage, table)
        stage.one(_LOCK.format(table=table.name))
    note_settled_words(stage)
    for table in tables:
        for rows in _faults(stage, table):
            stage.run(_BLOCK.format(rows=rows))
    links = list(_links(tables))
    while sum(stage.run(_BLOCK.format(rows=rows)) for rows in links):
        pass


def take_back(stage: Stage, tables: list[Table]) -> None:
    """Undo every row that is not blocked: the youngest writes first."""
    stage.run(_STANDS)
    stage.run("CREATE INDEX ON undo_todo (tab, kind, id)")
    stage.run("ANALYZE undo_todo")
    for table in reversed(tables):
        if "retracted_at" in table.columns:
            _correct(stage, table, tables)
        if table.event is not None:
            _restore(stage, table)
        if "archived_at" in table.columns:
            stage.run(_archive_sql(table))
        elif "retracted_at" not in table.columns:
            stage.run(_DELETE.format(table=table.name))


def _faults(stage: Stage, table: Table) -> Iterator[str]:
    """Yield the queries of (table, id, reason) that can't be taken back."""
    names = {"table": table.name, "name": f"undo_{table.name}"}
    if table.event is not None:
        events = table.event._meta.db_table
        stage.run(
            f"DROP TABLE IF EXISTS pg_temp.{names['name']}_after, pg_temp.{names['name']}_before"
        )
        stage.run(_AFTER.format(event=events, **names))
        stage.run(f"CREATE INDEX ON {names['name']}_after (pgh_obj_id)")
        stage.run(f"ANALYZE {names['name']}_after (pgh_obj_id)")
        stage.run(_BEFORE.format(event=events, **names))
        yield _EDITED.format(
            columns_t=", ".join(f't."{name}"' for name in table.kept),
            columns_a=", ".join(_left(table, name) for name in table.kept),
            **names,
        )
        yield _BEFORE_LOST.format(**names)
    else:
        yield _UNTRACKED.format(**names)
    if "retracted_at" in table.columns:
        yield _FACT_EDITED.format(told="true" if table.event else _settled(table, "t"), **names)
    if table.is_fact:
        same = " AND ".join(f"n.{key} = t.{key}" for key in table.owner)
        yield _FACT_SINCE.format(same=same, settled=_settled(table, "n"), **names)
    if table.way_to_account:
        by, account = table.way_to_account
        talk = "t" if table.model is Touchpoint else "b"
        is_talk = table.model is Touchpoint or f"JOIN {Touchpoint._meta.db_table} " in by
        yield _FOREIGN.format(
            by=by,
            account=account,
            reaches=stage.reaches("a"),
            reads=may_read(stage, talk, "a") if is_talk else "true",
            **names,
        )
        yield _MERGED.format(by=by, account=account, **names)
    yield from _uses(table)


def _left(table: Table, column: str) -> str:
    """Return what the import left in a column, as it reads now."""
    is_said = (table.name, column) == ("accounts_account", "attributes")
    return ATTRIBUTES if is_said else f'a."{column}"'


def _settled(table: Table, fact: str) -> str:
    return was_settled(fact) if table.name == FACTS else "false"


def _uses(table: Table) -> Iterator[str]:
    """Yield what people have added since to records the import made."""
    for relation in table.model._meta.related_objects:
        child = Table(relation.related_model)
        if child.event is None or child.model._meta.app_label != "accounts":
            continue
        if relation.many_to_many:
            through, column = relation.through._meta.db_table, relation.field.m2m_reverse_name()
            yield _USED.format(
                table=through, column=column, parent=table.name, standing="true", is_other=""
            )
            continue
        ends = [name for name in ("archived_at", "retracted_at") if name in child.columns]
        yield _USED.format(
            table=child.name,
            column=relation.field.column,
            parent=table.name,
            standing=" AND ".join(f"c.{name} IS NULL" for name in ends) or "true",
            is_other=_NOT_OURS.format(table=child.name),
        )


def _links(tables: list[Table]) -> Iterator[str]:
    """Yield the queries of rows that belong to a row that is blocked."""
    written = {table.name for table in tables}
    for table in tables:
        for field in table.model._meta.concrete_fields:
            parent = field.related_model._meta.db_table if field.is_relation else ""
            if parent not in written:
                continue
            names = {"table": table.name, "parent": parent, "column": field.column}
            is_tree = parent == table.name
            yield _UP.format(which="AND o.kind = 'created'" if is_tree else "", **names)
            if not is_tree:
                yield _DOWN.format(**names)


def _correct(stage: Stage, table: Table, tables: list[Table]) -> None:
    """Retract what was recorded and record anew what was retracted; what was known stays."""
    if table.event is not None:
        stage.run(_PLAN.format(table=table.name))
        children = {
            child.name: field.column
            for child in tables
            for field in child.model._meta.concrete_fields
            if child.is_fact and field.related_model is table.model
        }
        keep_as_known(stage, table=table.name, where="true", children=children)
        stage.run("DROP TABLE import_plan")
    stage.run(_RETRACT.format(table=table.name))
    apart = {"recorded_at", "retracted_at", "is_declared"}
    columns = [f'"{name}"' for name in table.columns if name not in apart]
    values = [f"t.{name}" for name in columns]
    anew = _ANEW.format(table=table.name, columns=", ".join(columns), values=", ".join(values))
    stage.run(anew)


def _restore(stage: Stage, table: Table) -> None:
    """Give changed rows the values from before the import; known from now."""
    assigned = {name: f'b."{name}"' for name in table.kept}
    if "recorded_at" in table.columns:
        assigned["recorded_at"] = "%(at)s"
    if "is_declared" in table.columns:
        assigned["is_declared"] = "false"
    if "updated_at" in table.columns:
        assigned["updated_at"] = "%(at)s"
    statement = _RESTORE.format(
        table=table.name,
        name=f"undo_{table.name}",
        assigned=", ".join(f'"{name}" = {value}' for name, value in assigned.items()),
    )
    if stage.run(statement) and table.name in restorings:
        restorings.get(table.name).refresh(stage)


def _archive_sql(table: Table) -> str:
    """Return the statement that puts new records away; their ids may be used again."""
    assigned = {"archived_at": "%(at)s"}
    if "external_id" in table.columns:
        assigned["external_id"] = "NULL"
    if "updated_at" in table.columns:
        assigned["updated_at"] = "%(at)s"
    return _ARCHIVE.format(
        table=table.name,
        assigned=", ".join(f"{name} = {value}" for name, value in assigned.items()),
    )
