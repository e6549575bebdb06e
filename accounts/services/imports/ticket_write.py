"""Carry out a plan about tickets, as `accounts.services.tickets` does it for one."""

from accounts.services.imports.bulk import Facts, mark_touched, put_facts
from accounts.services.imports.copies import keep_as_known
from accounts.services.imports.stage import Stage

STATES = Facts("accounts_ticketstatefact", ["ticket_id"], ["state"])
_COLUMNS = (
    "account_id, contact_id, external_id, subject, severity, state, opened_at, resolved_at, csat"
)
_CREATE = """
INSERT INTO accounts_ticket (id, {columns}, recorded_at, is_declared, updated_at)
SELECT row_id, {columns}, {known}, {declared}, %(at)s FROM import_plan
WHERE target_id IS NULL ORDER BY row_id
"""
_UPDATE = """
UPDATE accounts_ticket t SET contact_id = p.contact_id, subject = p.subject,
  severity = p.severity, state = p.state, opened_at = p.opened_at, resolved_at = p.resolved_at,
  csat = p.csat, updated_at = %(at)s,
  recorded_at = CASE WHEN p.is_weighty THEN %(at)s ELSE t.recorded_at END,
  is_declared = t.is_declared AND NOT p.is_weighty
FROM import_plan p WHERE t.id = p.target_id
"""
#: A correction of the past says all states anew; anything else is a change from a day on.
_IS_CORRECTION = (
    "(target_id IS NULL OR is_moved"
    " OR is_other_state AND resolved_was IS NOT NULL AND resolved_at IS NOT NULL)"
)
_RETRACT = """
UPDATE accounts_ticketstatefact f SET retracted_at = %(at)s FROM import_plan p
WHERE f.ticket_id = p.target_id AND f.retracted_at IS NULL AND {is_correction}
"""
_ANEW = """
INSERT INTO accounts_ticketstatefact
  (ticket_id, state, starts_on, ends_on, recorded_at, is_declared)
SELECT row_id, 'open', opened_on, CASE WHEN state <> 'open' THEN state_on END, {opened}
FROM import_plan WHERE {is_correction} AND (state = 'open' OR state_on > opened_on)
UNION ALL
SELECT row_id, state, state_on, NULL, {moved}
FROM import_plan WHERE {is_correction} AND state <> 'open'
"""
_MOVED = """
SELECT row_id AS ticket_id, state, state_on AS from_on FROM import_plan
WHERE is_other_state AND NOT {is_correction}
"""


def write_tickets(stage: Stage) -> None:
    """Write what the plan holds."""
    keep_as_known(
        stage,
        table="accounts_ticket",
        where="p.is_weighty",
        children={"accounts_ticketstatefact": "ticket_id"},
    )
    stage.write(_UPDATE, table="accounts_ticket", kind="updated", key="t.id")
    known, declared = stage.known("opened_at"), stage.declared("opened_at")
    create = _CREATE.format(columns=_COLUMNS, known=known, declared=declared)
    stage.write(create, table="accounts_ticket", kind="recorded")
    retract = _RETRACT.format(is_correction=_IS_CORRECTION)
    stage.write(retract, table=STATES.table, kind="retracted", key="f.id")
    stage.write(_states_anew(stage), table=STATES.table, kind="recorded")
    put_facts(stage, STATES, wanted=_MOVED.format(is_correction=_IS_CORRECTION))
    mark_touched(stage, touched="SELECT account_id FROM import_plan")


def _states_anew(stage: Stage) -> str:
    """Return the statement that says all states; of what is known already, now."""

    def since(event: str) -> str:
        is_new = "target_id IS NULL"
        return f"{stage.known(event, is_new)}, {stage.declared(event, is_new)}"

    return _ANEW.format(
        is_correction=_IS_CORRECTION,
        opened=since("opened_at"),
        moved=since("coalesce(resolved_at, %(at)s)"),
    )
