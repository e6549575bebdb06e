"""The stage: the rows of one file in temporary tables that vanish with the transaction.

`import_stage` holds the typed cells, `import_fault` what is wrong with which row, `import_plan`
what is to be done with the rows that are right. Nothing tracks these tables, nothing outlives a
crash, and every step over them is one statement, whether the file has ten rows or a million.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from accounts.domain.cells import CellFault
from accounts.domain.csv_text import Row
from accounts.domain.import_columns import Column
from accounts.domain.inert_text import make_plain
from accounts.querysets import Reach

LINES_A_WRITE = 200
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_CLEAR_PLAN = """
DROP TABLE IF EXISTS pg_temp.import_fault, pg_temp.import_key,
  pg_temp.import_plan, pg_temp.import_derived, pg_temp.import_worth, pg_temp.import_contract,
  pg_temp.import_contract_stage, pg_temp.import_parent, pg_temp.import_asked, pg_temp.import_person,
  pg_temp.import_attendee, pg_temp.import_colleague, pg_temp.import_account_ref,
  pg_temp.import_contact_ref, pg_temp.import_own, pg_temp.import_word,
  pg_temp.import_home, pg_temp.import_line, pg_temp.import_record
"""
#: For a transaction that takes in several files.
_CLEAR_STAGE = "DROP TABLE IF EXISTS pg_temp.import_stage"
_FAULTS = """
CREATE TEMP TABLE import_fault ON COMMIT DROP AS
SELECT s.line, f.column_key, f.code, f.hint, true AS is_of_cell
FROM import_stage s, jsonb_to_recordset(s.faults) AS f(column_key text, code text, hint text)
WHERE s.faults IS NOT NULL
"""
#: The rows written and their ids kept in one statement, whatever their number.
_TRACE = """
WITH done AS ({statement} RETURNING {key} AS traced_id), kept AS (
  SELECT array_agg(traced_id ORDER BY traced_id) AS ids FROM done
), traced AS (
  INSERT INTO accounts_importeffect (run_id, "table", kind, ids)
  SELECT %(run)s, %(traced_table)s, %(traced_kind)s, ids FROM kept
  WHERE ids IS NOT NULL AND %(run)s::bigint IS NOT NULL
)
SELECT coalesce(cardinality(ids), 0) FROM kept
"""


@dataclass
class Stage:
    """One import under way: when, for whom, how far they reach, which columns the file has.

    :param is_writing: False for a preview, which reads and plans but changes nothing.
    :param cleared: columns whose empty cells empty the field.
    :param run_id: the import whose trace `write` keeps.
    :param preview_id: the preview whose changes are kept.
    :param is_declared: facts count as known since they happened; `known` and `declared` say how.
    :param is_exact: accounts and contacts are named by own-system ids alone.
    :param importer_id: the user who imports.
    :param zone: of the organisation, for the day on which something happened.
    """

    at: dt.datetime
    day: dt.date
    is_writing: bool
    present: frozenset[str]
    reach: Reach | None = None
    record_kind: str = ""
    default_team: int | None = None
    cleared: frozenset[str] = frozenset()
    parameters: dict[str, Any] = field(default_factory=dict)
    run_id: int | None = None
    preview_id: int | None = None
    is_declared: bool = False
    is_exact: bool = False
    importer_id: int | None = None
    zone: str = "UTC"

    def run(self, statement: str, **more: Any) -> int:
        """Execute one statement and return how many rows it touched."""
        with connection.cursor() as cursor:
            cursor.execute(statement, {**self._values(), **more})
            return int(cursor.rowcount)

    def one(self, statement: str, **more: Any) -> Any:
        """Execute one query and return its row."""
        with connection.cursor() as cursor:
            cursor.execute(statement, {**self._values(), **more})
            return cursor.fetchone()

    def all(self, statement: str, **more: Any) -> list[Any]:
        """Execute one query and return its rows; for few."""
        with connection.cursor() as cursor:
            cursor.execute(statement, {**self._values(), **more})
            return list(cursor.fetchall())

    def write(self, statement: str, *, table: str, kind: str, key: str = "id", **more: Any) -> int:
        """Execute one INSERT, UPDATE or DELETE and keep the ids it wrote, so that undo finds them.

        :param kind: an `EffectKind`: created and updated records, recorded and retracted facts.
        :param key: how the statement calls the id it returns.
        """
        (count,) = self.one(
            _TRACE.format(statement=statement, key=key),
            traced_table=table,
            traced_kind=kind,
            **more,
        ) or (0,)
        return int(count)

    def begin_of(self, day: str) -> str:
        """Return the SQL instant at which the SQL day begins in the organisation's zone."""
        return f"({day}::timestamp AT TIME ZONE %(zone)s)"

    def declared(self, event: str, when: str = "true") -> str:
        """Return the SQL condition that what happened at `event` counts as known since then.

        :param event: SQL instant; an unknown one is not declared.
        :param when: SQL condition under which a declaration would not falsify what was known.
        """
        return f"coalesce({event} < %(at)s AND ({when}), false)" if self.is_declared else "false"

    def known(self, event: str, when: str = "true") -> str:
        """Return the SQL instant since which it is known: for a column `recorded_at`."""
        if not self.is_declared:
            return "%(at)s"
        return f"CASE WHEN {self.declared(event, when)} THEN {event} ELSE %(at)s END"

    def merged(self, key: str, stored: str, default: str = "NULL") -> str:
        """Return the SQL value of a plain column after the import: given, else kept, else new.

        Works on `import_stage s` beside the stored row, whose NULL id means that it is new.
        """
        if key in self.cleared:
            return f"s.{key}"
        return f"coalesce(s.{key}, {stored}, {default})"

    def day_of(self, moment: str) -> str:
        """Return the SQL day of an instant where the organisation is."""
        return f"(({moment}) AT TIME ZONE %(zone)s)::date"

    def reaches(self, account: str) -> str:
        """Return the SQL condition that the user may change such records of this account."""
        return (
            f"({account}.id IS NOT NULL AND (%(everything)s"
            f" OR {account}.team_id = ANY(%(teams)s::bigint[])"
            f" OR {account}.id = ANY(%(held)s::bigint[])))"
        )

    def _values(self) -> dict[str, Any]:
        own = {
            "at": self.at,
            "day": self.day,
            "is_writing": self.is_writing,
            "default_team": self.default_team,
            "zone": self.zone,
            "run": self.run_id,
        }
        return {**own, **self._reach(), **self.parameters}

    def _reach(self) -> dict[str, Any]:
        if self.reach is None:
            return {"everything": True, "teams": [], "held": []}
        scopes = {
            self.reach.scope(kind, write=write)
            for kind, write in (
                ("account", False),
                (self.record_kind, False),
                (self.record_kind, True),
            )
        }
        if "none" in scopes:
            return {"everything": False, "teams": [], "held": []}
        return {
            "everything": scopes == {"all"},
            "teams": sorted(self.reach.teams),
            "held": sorted(self.reach.accounts),
        }


def fill_stage(
    rows: Iterable[Row],
    *,
    width: int,
    places: Mapping[int, str],
    columns: Sequence[Column],
    cleared: frozenset[str],
    progress: Callable[[], None],
) -> int:
    """Copy the rows of the file to `import_stage` and return how many there were.

    A cell that can't be taken stays empty on the stage and is noted in `import_fault`; the other
    cells of its row are checked all the same, so that a row's faults are named at once.
    """
    by_key = {column.key: column for column in columns}
    used = [by_key[key] for key in places.values()]
    every = ", ".join(_definitions(columns))
    with connection.cursor() as cursor:
        cursor.execute(_CLEAR_PLAN)
        cursor.execute(_CLEAR_STAGE)
        cursor.execute(
            "CREATE TEMP TABLE import_stage (line integer NOT NULL, is_ragged boolean NOT NULL,"
            f" faults jsonb, {every}) ON COMMIT DROP"
        )
        names = ", ".join(f'"{name}"' for column in used for name in (column.key, *column.derived))
        statement = (
            f"COPY import_stage (line, is_ragged, faults{', ' if names else ''}{names}) FROM STDIN"
        )
        count = 0
        reader = _Reader(list(places), used, width, cleared)
        with cursor.copy(statement) as copy:
            for lines in _batches(reader.lines(rows)):
                copy.write("".join(lines))
                count += len(lines)
                progress()
        cursor.execute(f"ANALYZE import_stage (line{_keys(by_key)})")
        cursor.execute(_FAULTS)
    return count


def clear_plan() -> None:
    """Forget the plan and what was noted with it; the rows and their own faults stay."""
    with connection.cursor() as cursor:
        cursor.execute(_CLEAR_PLAN)
        cursor.execute(_FAULTS)


def _definitions(columns: Sequence[Column]) -> Iterator[str]:
    for column in columns:
        yield f'"{column.key}" {column.sql_type}'
        for name in column.derived:
            yield f'"{name}" text'


def _keys(known: Mapping[str, Column]) -> str:
    """Name the columns records are looked up by; statistics of others would choose no plan."""
    return "".join(f', "{key}"' for key in known if key.endswith("external_id"))


class _Reader:
    """Turns rows of cells into lines for COPY."""

    def __init__(
        self, places: list[int], columns: list[Column], width: int, cleared: frozenset[str]
    ) -> None:
        self.width = width
        self.cells = [
            (place, column.key, column.parse, _empty(column, cleared), [*column.derived.values()])
            for place, column in zip(places, columns, strict=True)
        ]

    def lines(self, rows: Iterable[Row]) -> Iterator[str]:
        for row in rows:
            faults: list[dict[str, str]] = []
            is_ragged = self._is_ragged(row.cells)
            if is_ragged:
                faults.append(_fault("", "ragged", f"{len(row.cells)}/{self.width}"))
            values = self._values(row.cells, faults, is_ragged=is_ragged)
            noted = json.dumps(faults).translate(_ESCAPES) if faults else "\\N"
            yield "\t".join((str(row.number), "ft"[is_ragged], noted, *values)) + "\n"

    def _is_ragged(self, cells: list[str]) -> bool:
        return len(cells) != self.width and (len(cells) < self.width or any(cells[self.width :]))

    def _values(
        self, cells: list[str], faults: list[dict[str, str]], *, is_ragged: bool
    ) -> list[str]:
        values: list[str] = []
        for place, key, parse, cleared, makers in self.cells:
            text = "" if is_ragged else make_plain(cells[place].strip())
            value = None
            if text:
                try:
                    value = parse(text)
                except CellFault as fault:
                    faults.append(_fault(key, fault.code, fault.limit))
            if value is None:
                values.append("\\N" if text or is_ragged else cleared)
                values += ["\\N"] * len(makers)
            else:
                values.append(_escaped(value))
                values += [_escaped(make(value)) for make in makers]
        return values


def _empty(column: Column, cleared: frozenset[str]) -> str:
    """Return what COPY reads for an empty cell: unchanged, or the value that empties the field."""
    return (column.cleared or "") if column.key in cleared else "\\N"


def _escaped(text: str) -> str:
    return text if text.isprintable() and "\\" not in text else text.translate(_ESCAPES)


def _fault(key: str, code: str, hint: str) -> dict[str, str]:
    return {"column_key": key, "code": code, "hint": hint}


def _batches(lines: Iterator[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    for line in lines:
        batch.append(line)
        if len(batch) == LINES_A_WRITE:
            yield batch
            batch = []
    if batch:
        yield batch
