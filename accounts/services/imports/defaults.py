"""What a file may not change: the values of a mapping, and fields that say something already.

Values are for new records where a row says nothing. The plan is made with them, for they may say
which record a row is about. Where that is one there is already, a value that would change it is
taken back and the plan made anew: of what is stored, a row changes only what it says itself.

A file that only fills in what is empty (`fill_only`) is planned once to see what stands where; the
cells of fields that say something are emptied, and the plan is made anew.
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
_DIFFERS = "coalesce(({0})::text, '') <> coalesce(({1})::text, '')"
_JOINED = "concat_ws(' ', {0})"
#: What says nothing yet: the texts of an empty field, list and tree.
_LEAVE = """
UPDATE import_stage f SET {empty}
FROM import_plan p JOIN import_stage s ON s.line = p.line {stored}
WHERE f.line = p.line AND p.target_id IS NOT NULL AND f."{key}" IS NOT NULL
  AND coalesce(({before})::text, '') NOT IN ('', '{{}}', '[]') AND {differs}
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


def plan_with_care(
    stage: Stage,
    *,
    kind: str,
    columns: Sequence[Column],
    values: Mapping[str, str],
    is_fill_only: bool,
    plan: Callable[[Stage], None],
) -> None:
    """Make the plan; once more where it would change what is to stay as it is stored."""
    plan(stage)
    taken_back = [
        _forget(stage, kind, one) for one in columns if one.key in values and not one.is_key
    ]
    if is_fill_only:
        taken_back += [_leave(stage, kind, one) for one in columns if not one.is_key]
    if sum(taken_back):
        clear_plan()
        plan(stage)


def _forget(stage: Stage, kind: str, column: Column) -> int:
    stored, known = _known(stage, kind, column)
    return stage.run(
        _FORGET.format(
            empty=_empty(column),
            key=column.key,
            stored=stored,
            differs=_DIFFERS.format(*known) if known else "true",
        )
    )


def _leave(stage: Stage, kind: str, column: Column) -> int:
    stored, known = _known(stage, kind, column)
    if known is None:
        return 0
    return stage.run(
        _LEAVE.format(
            empty=_empty(column),
            key=column.key,
            stored=stored,
            before=known[0],
            differs=_DIFFERS.format(*known),
        )
    )


def _known(stage: Stage, kind: str, column: Column) -> tuple[str, tuple[str, str] | None]:
    """Return the join with what is stored, and (SQL before, SQL after) if the plan knows it."""
    if kind not in previews:
        return "", None
    preview = previews.get(kind)
    fields = {key: (before, after) for key, before, after in compared_fields(stage, preview)}
    stored = f"LEFT JOIN {preview.table} t ON t.id = p.target_id"
    if column.key not in preview.together:
        return stored, fields.get(column.key)
    before, after = zip(*(fields[key] for key in preview.together if key in fields), strict=True)
    return stored, (_JOINED.format(", ".join(before)), _JOINED.format(", ".join(after)))


def _empty(column: Column) -> str:
    return ", ".join(f'"{name}" = NULL' for name in (column.key, *column.derived))
