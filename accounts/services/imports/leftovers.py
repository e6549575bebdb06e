"""What an undo leaves is its next beginning: the trace then holds only what did not go back.

A fact another undo recorded anew stands for the one it repeats. So an import can be taken back for
the rest once what was written over it, by a later import or by hand, went back too.
"""

from typing import Any

from accounts.services.imports.stage import Stage

#: `origin` is the id in the trace; `id` stands now, unchanged by anybody since `since`.
ROWS = """
CREATE TEMP TABLE undo_row ON COMMIT DROP AS
SELECT e."table" AS tab, i.id, e.kind, i.id AS origin, %(imported)s::timestamptz AS since,
  e.id AS effect_id
FROM accounts_importeffect e, unnest(e.ids) AS i(id) WHERE e.run_id = %(undone)s
"""
_REPEATED = """
UPDATE undo_row r SET id = n.id, since = n.recorded_at FROM {table} t JOIN {table} n ON {same}
WHERE r.tab = '{table}' AND r.kind = 'recorded' AND r.id = t.id
  AND t.retracted_at > %(imported)s AND n.retracted_at IS NULL AND n.id <> t.id
"""
#: The trace names what it wrote by the ids of then: what stands for them is found again.
_REMAIN = """
UPDATE accounts_importeffect e
SET ids = array(SELECT r.origin FROM undo_row r
  JOIN undo_blocked k ON k.tab = r.tab AND k.id = r.id AND k.reason <> 'gone'
  WHERE r.effect_id = e.id ORDER BY r.origin)
WHERE e.run_id = %(undone)s
"""
_EMPTY = "DELETE FROM accounts_importeffect WHERE run_id = %(undone)s AND ids = '{}'"
_LEFT = """
SELECT coalesce(sum(cardinality(ids)), 0) FROM accounts_importeffect WHERE run_id = %(undone)s
"""
_COUNTED = ("created", "updated", "recorded")


def find_repeated(stage: Stage, table: Any) -> None:
    """Let facts that say again what the import recorded stand for it; `table` holds dated facts."""
    apart = {"recorded_at", "retracted_at", "is_declared"}
    first, *others = [f'"{name}"' for name in table.columns if name not in apart]
    same = [f"n.{first} = t.{first}", *(f"n.{one} IS NOT DISTINCT FROM t.{one}" for one in others)]
    stage.run(_REPEATED.format(table=table.name, same=" AND ".join(same)))


def keep_what_is_left(stage: Stage) -> int:
    """Keep in the trace only what did not go back; return how many rows that is."""
    stage.run(_REMAIN)
    stage.run(_EMPTY)
    (left,) = stage.one(_LEFT)
    return int(left)


def counted_on(result: dict[str, Any], earlier: dict[str, Any]) -> dict[str, Any]:
    """Return the result of an undo with what went back in the times before it."""
    return result | {name: result[name] + earlier.get(name, 0) for name in _COUNTED}
