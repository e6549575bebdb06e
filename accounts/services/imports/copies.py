"""What was known stays: before many rows are corrected, each leaves a retracted copy of itself."""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.db import models

from accounts.services.imports.stage import Stage

_PAIRS = """
CREATE TEMP TABLE import_copy ON COMMIT DROP AS
SELECT p.target_id AS old_id, nextval(pg_get_serial_sequence('{table}', 'id')) AS new_id
FROM import_plan p WHERE p.target_id IS NOT NULL AND {where}
"""
_COPY = """
INSERT INTO {table} (id, {columns}, retracted_at)
SELECT k.new_id, {values}, %(at)s FROM import_copy k JOIN {table} t ON t.id = k.old_id
"""
_CHILDREN = """
INSERT INTO {table} ({link}{columns})
SELECT k.new_id{values} FROM import_copy k JOIN {table} t ON t.{link} = k.old_id
"""


def keep_as_known(stage: Stage, *, table: str, where: str, children: Mapping[str, str]) -> None:
    """Copy the stored rows of the plan that `where` (of plan row `p`) names, with their children.

    :param children: tables of children and their column that leads to the row.
    """
    stage.run(_PAIRS.format(table=table, where=where))
    columns = [name for name in _columns(table) if name != "retracted_at"]
    stage.write(_COPY.format(table=table, **_lists(columns)), table=table, kind="recorded")
    for name, column in children.items():
        others = [other for other in _columns(name) if other != column]
        copy = _CHILDREN.format(table=name, link=column, **_lists(others, lead=", "))
        stage.write(copy, table=name, kind="recorded")
    stage.run("DROP TABLE import_copy")


def _columns(table: str) -> list[str]:
    """Return the columns of a table but for its key and what the database derives."""
    every = apps.get_models(include_auto_created=True)
    model: type[models.Model] = next(model for model in every if model._meta.db_table == table)
    fields: list[Any] = [field for field in model._meta.concrete_fields if not field.primary_key]
    return [str(field.column) for field in fields if not field.generated]


def _lists(columns: list[str], *, lead: str = "") -> dict[str, str]:
    values = [f't."{name}"' for name in columns]
    return {
        "columns": lead + ", ".join(f'"{name}"' for name in columns) if columns else "",
        "values": lead + ", ".join(values) if columns else "",
    }
