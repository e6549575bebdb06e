"""Write many records at once, exactly as the services of the record write one.

Dated facts: `put_facts` is `accounts.services.facts.put_fact` over a set. A fact that is cut short
is retracted and recorded anew with its end, so that a replay as known before still finds it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile

from django.db import connection

from accounts.services.contract_figures import refresh_contract_figures
from accounts.services.imports.stage import Stage
from config.lib.bells import ring

SPOOLED = 16 << 20
#: More touched accounts than this: look at the figures of all, which needs no list of ids.
LISTED = 2000
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


@dataclass(frozen=True)
class Facts:
    """A table of dated facts: the columns that say whose they are, and those that say what."""

    table: str
    owner: Sequence[str]
    values: Sequence[str]

    @property
    def columns(self) -> list[str]:
        """Return the columns of both kinds."""
        return [*self.owner, *self.values]

    def same_owner(self, alias: str) -> str:
        """Keep facts of the owner that a wanted row `w` is of."""
        return " AND ".join(f"{alias}.{name} = w.{name}" for name in self.owner)


STATUS = Facts("accounts_accountstatusfact", ["account_id"], ["status"])
PHASE = Facts("accounts_accountphasefact", ["account_id"], ["phase"])
VALUES = Facts("accounts_attributevalue", ["account_id", "key"], ["value"])
ROLES = Facts("accounts_accountrole", ["account_id", "role"], ["user_id"])
TERMS = Facts("accounts_contractterm", ["contract_id"], ["arr", "seats"])

_TODO = """
CREATE TEMP TABLE import_fact ON COMMIT DROP AS
WITH wanted AS ({wanted})
SELECT w.*, h.id AS holder_id, {known} AS known_at, {declared} AS is_declared,
  (SELECT min(n.starts_on) FROM {table} n
   WHERE {following} AND n.retracted_at IS NULL AND n.starts_on > w.from_on) AS until_on
FROM wanted w LEFT JOIN {table} h
  ON {holding} AND h.retracted_at IS NULL AND h.starts_on <= w.from_on
 AND (h.ends_on IS NULL OR h.ends_on > w.from_on)
WHERE h.id IS NULL OR ({held}) IS DISTINCT FROM ({given})
"""
_RETRACT = """
UPDATE {table} f SET retracted_at = n.known_at FROM import_fact n WHERE f.id = n.holder_id
"""
_RECORD = """
INSERT INTO {table} ({columns}, starts_on, ends_on, recorded_at, is_declared)
SELECT {cut}, f.starts_on, n.from_on, n.known_at, n.is_declared
FROM import_fact n JOIN {table} f ON f.id = n.holder_id WHERE f.starts_on < n.from_on
UNION ALL
SELECT {new}, n.from_on, n.until_on, n.known_at, n.is_declared FROM import_fact n
"""
_FIRST = """
INSERT INTO {table} ({columns}, starts_on, recorded_at, is_declared)
SELECT {first}, w.from_on, {known}, {declared} FROM ({of_new}) AS w
"""
#: What was really known is not rewritten: only what nobody knew, or had declared as well.
_UNKNOWN = "(h.id IS NULL OR h.is_declared AND h.recorded_at <= {event}) AND {past}"
_FROM = "w.from_on"
_PAST = "w.from_on < %(day)s"


def put_facts(stage: Stage, facts: Facts, *, wanted: str, of_new: str = "") -> None:
    """Record for every row of `wanted` (owner, values, `from_on`) that from that day it holds.

    Where known times are declared, it counts as known since that day.

    :param of_new: rows like `wanted` whose owners are new, so that nothing can hold of them yet.
    """
    table, every = facts.table, facts.columns
    stage.run(_todo(stage, facts, wanted))
    record = _RECORD.format(
        table=table,
        columns=", ".join(every),
        cut=_columns("f", every),
        new=_columns("n", every),
    )
    stage.write(_RETRACT.format(table=table), table=table, kind="retracted", key="f.id")
    stage.write(record, table=table, kind="recorded")
    stage.run("DROP TABLE import_fact")
    if of_new:
        stage.write(_first(stage, facts, of_new), table=table, kind="recorded")


def _todo(stage: Stage, facts: Facts, wanted: str) -> str:
    event = stage.begin_of(_FROM)
    unknown = _UNKNOWN.format(event=event, past=_PAST)
    return _TODO.format(
        wanted=wanted,
        known=stage.known(event, unknown),
        declared=stage.declared(event, unknown),
        table=facts.table,
        following=facts.same_owner("n"),
        holding=facts.same_owner("h"),
        held=_columns("h", facts.values),
        given=_columns("w", facts.values),
    )


def _first(stage: Stage, facts: Facts, of_new: str) -> str:
    event = stage.begin_of(_FROM)
    return _FIRST.format(
        table=facts.table,
        columns=", ".join(facts.columns),
        first=_columns("w", facts.columns),
        of_new=of_new,
        known=stage.known(event, _PAST),
        declared=stage.declared(event, _PAST),
    )


def _columns(alias: str, names: Iterable[str]) -> str:
    return ", ".join(f"{alias}.{name}" for name in names)


_CREATE = """
INSERT INTO {table} (id, {names})
SELECT p.row_id, {values} FROM {plan} p WHERE p.target_id IS NULL ORDER BY p.row_id
"""
_UPDATE = """
UPDATE {table} t SET ({names}) = ROW({values}) FROM {plan} p WHERE t.id = p.target_id
"""


def upsert(
    stage: Stage,
    *,
    table: str,
    plan: str,
    columns: Sequence[str],
    of_new: Mapping[str, str] | None = None,
    stamps: Sequence[str] = ("created_at", "updated_at"),
) -> None:
    """Insert the new rows of the plan and update the changed ones; unchanged ones are not in it.

    What was written can be taken back by `undo_import` without anything more.

    :param of_new: further columns of a new row and their SQL values.
    :param stamps: which of the two columns the table has; they hold the instant of the import.
    """
    values = {name: f"p.{name}" for name in columns}
    new = {**values, **(of_new or {}), **dict.fromkeys(stamps, "%(at)s")}
    changed = {**values, **({"updated_at": "%(at)s"} if "updated_at" in stamps else {})}
    create = _with_columns(_CREATE, table=table, plan=plan, values=new)
    update = _with_columns(_UPDATE, table=table, plan=plan, values=changed)
    stage.write(create, table=table, kind="created")
    stage.write(update, table=table, kind="updated", key="t.id")


def _with_columns(statement: str, *, table: str, plan: str, values: Mapping[str, str]) -> str:
    return statement.format(
        table=table, plan=plan, names=", ".join(values), values=", ".join(values.values())
    )


def derive(
    *,
    source: str,
    table: str,
    columns: Sequence[str],
    make: Callable[[list[str]], Sequence[str | None]],
) -> None:
    """Work out in Python what SQL can't: for each row of `source` (line, texts) a row of `table`.

    Two statements in flat memory: the rows go out by COPY, through a file, and come in by COPY.

    :param make: takes the texts of one row, empty ones for NULL, and returns the new columns.
    """
    with SpooledTemporaryFile(SPOOLED, mode="w+b") as spool, connection.cursor() as cursor:
        with cursor.copy(f"COPY ({source}) TO STDOUT") as copy:
            for line, *texts in copy.rows():
                made = make([text or "" for text in texts])
                cells = ("\\N" if cell is None else cell.translate(_ESCAPES) for cell in made)
                spool.write(("\t".join((line or "", *cells)) + "\n").encode())
        spool.seek(0)
        cursor.execute(
            f"CREATE TEMP TABLE {table} (line bigint, {', '.join(columns)}) ON COMMIT DROP"
        )
        names = ", ".join(column.split()[0] for column in columns)
        with cursor.copy(f"COPY {table} (line, {names}) FROM STDIN") as copy:
            while chunk := spool.read(1 << 16):
                copy.write(chunk)
        cursor.execute(f"ANALYZE {table}")


_IDS = "SELECT array(SELECT DISTINCT account_id FROM ({touched}) AS t(account_id) LIMIT {most})"
_DIRTY = """
INSERT INTO accounts_dirtyaccount (account_id, first_at, since, reason)
SELECT account_id, %(at)s, %(at)s, 'import' FROM ({touched}) AS touched(account_id)
GROUP BY account_id ORDER BY account_id
ON CONFLICT (account_id) DO UPDATE SET since = excluded.since, reason = excluded.reason
"""


def mark_touched(stage: Stage, *, touched: str) -> None:
    """Have the health of the touched accounts computed again; call it last in the transaction."""
    if stage.run(_DIRTY.format(touched=touched)):
        ring("account.dirty")


def refresh_figures(stage: Stage, *, touched: str) -> None:
    """Bring ARR, MRR, seats and renewal date of the touched accounts in step with contracts."""
    (ids,) = stage.one(_IDS.format(touched=touched, most=LISTED + 1))
    if ids:
        refresh_contract_figures(at=stage.at, account_ids=ids if len(ids) <= LISTED else None)
