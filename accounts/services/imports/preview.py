"""What a file would do, row by row and field by field: kept for the page, the API and a download.

Works on any plan: a column of the file is compared with the stored column of its name, unless the
kind says by a `Preview` how its stored value is read.
"""

import csv
import datetime as dt
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any

from django.core.files import File
from django.db import connection
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.domain.import_columns import Column
from accounts.domain.inert_text import make_inert
from accounts.models import ImportChange, ImportRun
from accounts.registry import Preview, importers, previews
from accounts.services.imports.attributes import attribute_keys
from accounts.services.imports.stage import Stage
from accounts.services.imports.words import LabelledCell, yes_or_no_cell

_SPOOLED = 16 << 20
TWINS_NAMED = 100
_KEEP = """
INSERT INTO accounts_importchange (run_id, line, kind, label, fields, twin)
SELECT %(run)s, p.line, CASE WHEN p.target_id IS NULL THEN 'created' ELSE 'updated' END,
  coalesce({label}, ''), coalesce(v.fields, '[]'::jsonb), coalesce(w.twin, '')
FROM import_plan p JOIN import_stage s ON s.line = p.line
LEFT JOIN (SELECT line, string_agg(DISTINCT name, ', ') AS twin
  FROM ({twins}) AS g(line, name) GROUP BY line) AS w ON w.line = p.line AND p.target_id IS NULL
LEFT JOIN {table} t ON t.id = p.target_id
LEFT JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_array(key, was, becomes) ORDER BY place) AS fields
  FROM (VALUES {fields}) AS f(place, key, was, becomes)
  WHERE coalesce(was, '') <> coalesce(becomes, '')
) AS v ON true
WHERE (p.target_id IS NULL OR p.is_changed)
  AND NOT EXISTS (SELECT FROM import_fault f WHERE f.line = p.line)
"""
_PERSON = """
(SELECT coalesce(nullif(trim(x.family_name || ' ' || x.given_name), ''), x.external_id)
 FROM accounts_contact x WHERE x.id = {id})
"""
_COUNTS = """
SELECT f ->> 0, count(*) FROM accounts_importchange c, jsonb_array_elements(c.fields) AS f
WHERE c.run_id = %(run)s AND c.kind = 'updated' GROUP BY 1 ORDER BY 2 DESC, 1
"""
_TWINS = """
SELECT line FROM accounts_importchange WHERE run_id = %(run)s AND twin <> '' ORDER BY line
"""
_COLUMNS = """
SELECT a.attname FROM pg_attribute a
WHERE a.attrelid = to_regclass(%(table)s) AND a.attnum > 0 AND NOT a.attisdropped
"""


@dataclass(frozen=True)
class FieldChange:
    """One field of a row: what stood there, what would stand there."""

    column: str
    label: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class RowChange:
    """One row as it is read."""

    row: int
    kind: str
    record: str
    fields: list[FieldChange]
    twin: str = ""


def person_name(row_id: str) -> str:
    """Return how a contact reads in a preview: by name, else by own-system id, as SQL."""
    return _PERSON.format(id=row_id)


def keep_changes(stage: Stage, kind: str) -> dict[str, Any]:
    """Keep what the plan would do and return how many records change, by field, and the twins.

    `twins` is how many new rows may be a record already, `twin_rows` the first of them.
    """
    preview = previews.get(kind) if kind in previews else None
    if preview is None:
        return {"fields": {}, "twins": 0, "twin_rows": []}
    fields = ", ".join(
        f"({place}, '{key}', ({before})::text, ({after})::text)"
        for place, (key, before, after) in enumerate(compared_fields(stage, preview))
    )
    stage.run(
        _KEEP.format(
            label=preview.label,
            table=preview.table,
            twins=preview.twins.format(reaches=stage.reaches("a")),
            fields=fields or "(0, '', NULL::text, NULL::text)",
        ),
        run=stage.preview_id,
    )
    twins = [line for (line,) in stage.all(_TWINS, run=stage.preview_id)]
    return {
        "fields": dict(stage.all(_COUNTS, run=stage.preview_id)),
        "twins": len(twins),
        "twin_rows": twins[:TWINS_NAMED],
    }


def read_changes(run: ImportRun, rows: list[ImportChange]) -> list[RowChange]:
    """Return the kept rows with labels and values in the language of whoever reads them."""
    columns = {column.key: column for column in importers.get(run.kind).columns()}
    return [
        RowChange(
            row.line,
            row.kind,
            row.label,
            [_change(columns, *values) for values in row.fields if values[0] in columns],
            row.twin,
        )
        for row in rows
    ]


def count_by_field(run: ImportRun) -> list[tuple[str, int]]:
    """Return (label, how many records change in it), the most frequent first."""
    labels = {column.key: column.label for column in importers.get(run.kind).columns()}
    counts: Mapping[str, int] = run.job.result.get("fields", {})
    return [(str(capfirst(str(labels.get(key, key)))), count) for key, count in counts.items()]


def write_changes(run: ImportRun) -> "File[bytes]":
    """Return a CSV file of every change: row, what happens, record, field, before, after."""
    spool: IO[bytes] = tempfile.SpooledTemporaryFile(_SPOOLED)  # noqa: SIM115
    spool.write(b"\xef\xbb\xbf")
    sink = _Sink(spool)
    writer = csv.writer(sink, lineterminator="\r\n")
    titles = (_("Row"), _("What happens"), _("Record"), _("Field"), _("Before"), _("After"))
    writer.writerow([*titles, _("May be there already as")])
    for row in _every(run):
        start = [str(row.row), row.kind, row.record]
        for change in row.fields or [FieldChange("", "", None, None)]:
            cells = [*start, change.label, change.before or "", change.after or "", row.twin]
            writer.writerow(map(make_inert, cells))
    spool.seek(0)
    return File(spool)


def _every(run: ImportRun) -> Iterator[RowChange]:
    rows = run.changes.order_by("line")
    batch: list[ImportChange] = []
    for row in rows.iterator(chunk_size=2000):
        batch.append(row)
        if len(batch) == 2000:
            yield from read_changes(run, batch)
            batch = []
    yield from read_changes(run, batch)


class _Sink:
    def __init__(self, file: IO[bytes]) -> None:
        self.file = file

    def write(self, text: str) -> int:
        return self.file.write(text.encode())


def compared_fields(stage: Stage, preview: Preview) -> Iterator[tuple[str, str, str]]:
    """Yield (column, SQL before, SQL after) of what the file has and the plan knows."""
    planned, stored = _columns_of("import_plan"), _columns_of(preview.table)
    attributes = attribute_keys(stage.present)
    for key in sorted(stage.present):
        if key in preview.fields:
            yield (key, *preview.fields[key])
        elif key in attributes:
            name = attributes[key]
            before = f"p.old_attributes ->> '{name}'"
            yield key, before, f"coalesce(p.new_attributes ->> '{name}', {before})"
        elif key in planned and key in stored:
            yield key, f"t.{key}", f"p.{key}"


def _columns_of(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS, {"table": table})
        return {name for (name,) in cursor.fetchall()}


def _change(
    columns: Mapping[str, Column], key: str, before: str | None, after: str | None
) -> FieldChange:
    column = columns[key]
    label = str(capfirst(str(column.label)))
    return FieldChange(key, label, _shown(column, before), _shown(column, after))


def _shown(column: Column, value: str | None) -> str | None:
    """Return a stored text as people read it."""
    if not value:
        return None
    if isinstance(column.parse, LabelledCell):
        return column.parse.label(value)
    if column.parse is yes_or_no_cell:
        return _("Yes") if value == "true" else _("No")
    if column.sql_type == "date":
        return dt.date.fromisoformat(value).strftime("%Y/%m/%d")
    if column.sql_type.startswith("numeric"):
        return f"{Decimal(value):,}".removesuffix(".00")
    return value
