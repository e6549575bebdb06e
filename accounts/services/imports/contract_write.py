"""Carry out a plan about contracts: plain columns, moved first days, dated terms."""

from accounts.services.imports.bulk import TERMS, put_facts, upsert
from accounts.services.imports.contract_plan import PLAIN
from accounts.services.imports.stage import Stage

_MOVED = """
CREATE TEMP TABLE import_moved ON COMMIT DROP AS
SELECT t.id, p.starts_on FROM {plan} p JOIN accounts_contractterm t ON t.contract_id = p.target_id
WHERE t.retracted_at IS NULL AND t.starts_on = p.starts_was AND p.starts_on <> p.starts_was
"""
_RETRACT = """
UPDATE accounts_contractterm t SET retracted_at = %(at)s FROM import_moved m WHERE t.id = m.id
"""
_RECORD = """
INSERT INTO accounts_contractterm (contract_id, arr, seats, starts_on, ends_on, recorded_at)
SELECT t.contract_id, t.arr, t.seats, m.starts_on, t.ends_on, %(at)s
FROM import_moved m JOIN accounts_contractterm t ON t.id = m.id
"""
_TERMS = """
SELECT row_id AS contract_id, arr, seats, from_on FROM {plan} WHERE has_new_terms
"""


def write_contracts(stage: Stage, *, plan: str) -> None:
    """Write the contracts of a plan that holds only what is right and new."""
    upsert(
        stage,
        table="accounts_contract",
        plan=plan,
        columns=["account_id", "external_id", *PLAIN],
    )
    stage.run(_MOVED.format(plan=plan))
    stage.write(_RETRACT, table=TERMS.table, kind="retracted", key="t.id")
    stage.write(_RECORD, table=TERMS.table, kind="recorded")
    stage.run("DROP TABLE import_moved")
    put_facts(stage, TERMS, wanted=_TERMS.format(plan=plan))
