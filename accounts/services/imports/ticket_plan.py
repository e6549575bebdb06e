"""What a file of tickets would do: new, corrected, moved to another state, or wrong."""

from accounts.services.imports.parents import find_parents
from accounts.services.imports.stage import Stage
from accounts.services.tickets import SLACK

_KNOWN = """
SELECT t.id, t.account_id FROM accounts_ticket t
WHERE t.external_id = s.external_id AND t.retracted_at IS NULL"""
#: A file with days only resolves what was opened on the same day at the moment it was opened.
_PLAN = """
CREATE TEMP TABLE import_plan ON COMMIT DROP AS
WITH merged AS (
  SELECT k.line, k.target_id, k.account_id, s.external_id,
    CASE WHEN k.target_id IS NOT NULL THEN k.target_id
         WHEN %(is_writing)s THEN nextval(pg_get_serial_sequence('accounts_ticket', 'id'))
         ELSE -k.line END AS row_id,
    {contact} AS contact_id, {subject} AS subject, {severity} AS severity, {csat} AS csat,
    {opened} AS opened_at,
    coalesce(s.state, CASE WHEN s.resolved_at IS NOT NULL THEN 'resolved' END, t.state, 'open')
      AS state,
    coalesce(s.resolved_at, t.resolved_at, %(at)s) AS ended_at,
    t.state AS state_was, t.resolved_at AS resolved_was, t.opened_at AS opened_was,
    t.severity AS severity_was, t.csat AS csat_was, t.contact_id AS contact_was,
    t.subject AS subject_was
  FROM import_parent k JOIN import_stage s USING (line)
  LEFT JOIN accounts_ticket t ON t.id = k.target_id
), moved AS (
  SELECT m.*, CASE WHEN state <> 'resolved' THEN NULL
      WHEN ended_at < opened_at AND {ended_on} = {opened_on} THEN opened_at
      ELSE ended_at END AS resolved_at
  FROM merged m
)
SELECT m.*, {opened_on} AS opened_on, {state_on} AS state_on,
  (severity, opened_at, csat) IS DISTINCT FROM (severity_was, opened_was, csat_was) AS is_weighty,
  {opened_on} IS DISTINCT FROM {opened_on_was} AS is_moved,
  (state, resolved_at) IS DISTINCT FROM (state_was, resolved_was) AS is_other_state,
  target_id IS NULL OR (subject, severity, csat, contact_id, opened_at, state, resolved_at)
    IS DISTINCT FROM (subject_was, severity_was, csat_was, contact_was, opened_was, state_was,
      resolved_was) AS is_changed
FROM moved m
"""
_CHECK = """
INSERT INTO import_fault (line, column_key, code, hint)
SELECT p.line, f.column_key, f.code, '' FROM import_plan p CROSS JOIN LATERAL (VALUES
  ('subject', 'required', p.subject IS NULL OR p.subject = ''),
  ('opened_at', 'required', p.opened_at IS NULL),
  ('opened_at', 'future', p.opened_at > %(latest)s),
  ('resolved_at', 'future', p.resolved_at > %(latest)s),
  ('resolved_at', 'resolved_before_opened', p.resolved_at < p.opened_at)
) AS f(column_key, code, is_wrong) WHERE f.is_wrong
"""


def plan_tickets(stage: Stage) -> None:
    """Fill `import_plan` and note the faults; rows that are wrong are not taken out yet."""
    find_parents(stage, table="accounts_ticket", known=_KNOWN, has_contact=True)
    stage.run(
        _PLAN.format(
            contact=_contact(stage),
            subject=stage.merged("subject", "t.subject"),
            severity=stage.merged("severity", "t.severity", "'normal'"),
            csat=stage.merged("csat", "t.csat"),
            opened=stage.merged("opened_at", "t.opened_at"),
            opened_on=stage.day_of("opened_at"),
            opened_on_was=stage.day_of("opened_was"),
            ended_on=stage.day_of("ended_at"),
            state_on=f"greatest({stage.day_of('coalesce(resolved_at, %(at)s)')},"
            f" {stage.day_of('opened_at')})",
        )
    )
    stage.run(_CHECK, latest=stage.at + SLACK)


def _contact(stage: Stage) -> str:
    if "contact_external_id" in stage.cleared:
        return "CASE WHEN k.contact_named IS NULL THEN NULL ELSE k.contact_given END"
    return "coalesce(k.contact_given, t.contact_id)"
