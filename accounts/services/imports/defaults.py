"""The values of a mapping: what new records get where a row says nothing.

The plan is made with them, for they may say which record a row is about. Where that is one there
is already, a value that would change it is taken back and the plan made anew: of what is stored, a
row changes only what it says itself.
"""

from collections.abc import Callable, Mapping, Sequence

from django.db import connection

from accounts.domain.import_columns import Column
from accounts.registry import previews
from accounts.services.imports.preview import compared_fields
from accounts.services.imports.stage import Stage, clear_plan

_MARK = "ALTER TABLE import_stage ADD COLUMN default_keys text[] NOT NULL DEFAULT '{}'"
_FILL = """
UPDATE import_stage SET {given}, default_keys = array_append(default_keys, %s) WHERE "{key}" IS NULL
"""
#: What the stored record of the row has already may stay: the row may be known by it.
_FORGET = """
UPDATE import_stage f SET {empty}, default_keys = array_remove(f.default_keys, '{key}')
FROM import_plan p JOIN import_stage s ON s.line = p.line {stored}
WHERE f.line = p.line AND p.target_id IS NOT NULL AND '{key}' = ANY(s.default_keys) AND {differs}
"""


def fill_defaults(columns: Sequence[Column], values: Mapping[str, str]) -> None:
    """Put values where rows say nothing in these columns."""
    if not values:
        return
    with connection.cursor() as cursor:
        cursor.execute(_MARK)
        for column in columns:
            if column.key in values:
                value = values[column.key]
                made = {name: make(value) for name, make in column.derived.items()}
                names = {column.key: column.sql_type, **dict.fromkeys(made, "text")}
                given = ", ".join(f'"{name}" = %s::{kind}' for name, kind in names.items())
                statement = _FILL.format(given=given, key=column.key)
                cursor.execute(statement, [value, *made.values(), column.key])


def plan_with_defaults(
    stage: Stage,
    *,
    kind: str,
    columns: Sequence[Column],
    values: Mapping[str, str],
    plan: Callable[[Stage], None],
) -> None:
    """Make the plan; once more where values would have changed what is stored."""
    plan(stage)
    if sum([_forget(stage, kind, one) for one in columns if one.key in values and not one.is_key]):
        clear_plan()
        plan(stage)


def _forget(stage: Stage, kind: str, column: Column) -> int:
    stored, differs = "", "true"
    if kind in previews:
        preview = previews.get(kind)
        stored = f"LEFT JOIN {preview.table} t ON t.id = p.target_id"
        for key, before, after in compared_fields(stage, preview):
            if key == column.key:
                differs = f"coalesce(({before})::text, '') <> coalesce(({after})::text, '')"
    empty = ", ".join(f'"{name}" = NULL' for name in (column.key, *column.derived))
    return stage.run(_FORGET.format(empty=empty, key=column.key, stored=stored, differs=differs))
