"""Checks of a plan: conditions that must not hold, each with the fault of the row where it does."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.services.imports.stage import Stage

#: Most rows are right: they are passed over before a row of VALUES is made for each check.
_NOTE = """
INSERT INTO import_fault (line, column_key, code, hint)
SELECT p.line, f.column_key, f.code, f.hint FROM {plan} p CROSS JOIN LATERAL (VALUES
  {checks}
) AS f(column_key, code, hint, is_wrong) WHERE ({any_wrong}) AND f.is_wrong
"""
_FOLLOWS = """
DELETE FROM import_fault f USING import_fault c
WHERE f.is_of_cell IS NULL AND c.is_of_cell AND c.line = f.line AND (c.column_key = f.column_key
  OR f.code = 'nameless' OR f.code = 'required' AND f.column_key = 'contact_external_id')
"""


@dataclass(frozen=True)
class Check:
    """A row `p` of the plan is wrong in this column when the SQL condition is true.

    :param hint: SQL text that goes into the message.
    """

    column: str
    code: str
    when: str
    hint: str = "''"


def note_faults(stage: Stage, checks: Sequence[Check], *, plan: str = "import_plan") -> int:
    """Note in `import_fault` every check that strikes, in one statement."""
    rows = (f"('{c.column}', '{c.code}', {c.hint}, {c.when})" for c in checks)
    statement = _NOTE.format(
        plan=plan,
        checks=",\n  ".join(rows),
        any_wrong=" OR ".join(f"({c.when})" for c in checks),
    )
    return stage.run(statement)


def leave_out_what_follows(stage: Stage) -> None:
    """Take out of `import_fault` what follows only from a cell that could not be taken."""
    stage.run(_FOLLOWS)
