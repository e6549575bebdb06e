"""Carry out a plan about touchpoints, as `accounts.services.touchpoints` does it for one."""

from accounts.services.imports.bulk import mark_touched
from accounts.services.imports.copies import keep_as_known
from accounts.services.imports.stage import Stage
from accounts.services.imports.touchpoint_plan import PLAIN

_TABLE = "accounts_touchpoint"
#: What belongs to a talk: the table, its column, the array of the plan.
_PARTS = (
    ("accounts_touchpoint_contacts", "contact_id", "contacts"),
    ("accounts_touchpoint_users", "user_id", "users"),
    ("accounts_touchpointsignal", "signal", "signals"),
)
_CREATE = """
INSERT INTO accounts_touchpoint (id, account_id, external_id, type, direction, {names}, source,
  is_draft, recorded_at, is_declared, updated_at)
SELECT row_id, account_id, external_id, type, direction, {names}, 'import', false, {known},
  {declared}, %(at)s
FROM import_plan WHERE target_id IS NULL ORDER BY row_id
"""
_UPDATE = """
UPDATE accounts_touchpoint t SET (type, direction, {names}) = ROW(p.type, p.direction, {values}),
  updated_at = %(at)s,
  recorded_at = CASE WHEN p.is_weighty THEN %(at)s ELSE t.recorded_at END,
  is_declared = t.is_declared AND NOT p.is_weighty
FROM import_plan p WHERE t.id = p.target_id
"""
_TAKE = """
DELETE FROM {table} x USING import_plan p
WHERE x.touchpoint_id = p.target_id AND NOT x.{column} = ANY(p.{array})
"""
_GIVE = """
INSERT INTO {table} (touchpoint_id, {column})
SELECT p.row_id, given.value FROM import_plan p CROSS JOIN LATERAL unnest(p.{array}) AS given(value)
WHERE NOT EXISTS (SELECT FROM {table} x
  WHERE x.touchpoint_id = p.row_id AND x.{column} = given.value)
ORDER BY p.row_id
"""


def write_touchpoints(stage: Stage) -> None:
    """Write what the plan holds."""
    keep_as_known(
        stage,
        table=_TABLE,
        where="p.is_weighty",
        children={table: "touchpoint_id" for table, _column, _array in _PARTS},
    )
    names, values = ", ".join(PLAIN), ", ".join(f"p.{name}" for name in PLAIN)
    stage.write(
        _UPDATE.format(names=names, values=values), table=_TABLE, kind="updated", key="t.id"
    )
    known, declared = stage.known("occurred_at"), stage.declared("occurred_at")
    create = _CREATE.format(names=names, known=known, declared=declared)
    stage.write(create, table=_TABLE, kind="recorded")
    for table, column, array in _PARTS:
        names_of = {"table": table, "column": column, "array": array}
        stage.write(_TAKE.format(**names_of), table=table, kind="deleted", key="x.id")
        stage.write(_GIVE.format(**names_of), table=table, kind="created")
    mark_touched(stage, touched="SELECT account_id FROM import_plan")
