"""Carry out a plan about the stakeholder map, as `accounts.services.stakeholders` does it."""

from accounts.services.imports.bulk import Facts, mark_touched, put_facts
from accounts.services.imports.stage import Stage
from accounts.services.imports.stakeholder_lines import write_lines

STANDING = Facts(
    "accounts_contactstanding", ["contact_id"], ["account_id", "stance", "influence", "strength"]
)
_ROLES = "accounts_stakeholderrole"
_KEEP = """
INSERT INTO accounts_stakeholderrole
  (account_id, contact_id, role, confirmed_on, starts_on, ends_on, recorded_at, is_declared,
   retracted_at)
SELECT r.account_id, r.contact_id, r.role, r.confirmed_on, r.starts_on, r.ends_on, r.recorded_at,
  r.is_declared, %(at)s
FROM import_plan p JOIN accounts_stakeholderrole r ON r.id = p.holder_id WHERE p.is_other_part
"""
_REVISE = """
UPDATE accounts_stakeholderrole r SET confirmed_on = p.confirmed_on, starts_on = p.starts_on,
  ends_on = p.ends_on, recorded_at = %(at)s, is_declared = false
FROM import_plan p WHERE r.id = p.holder_id AND p.is_other_part
"""
_BEGIN = """
INSERT INTO accounts_stakeholderrole
  (account_id, contact_id, role, confirmed_on, starts_on, ends_on, recorded_at, is_declared)
SELECT account_id, contact_id, role, confirmed_on, starts_on, ends_on, {known}, {declared}
FROM import_plan WHERE role IS NOT NULL AND holder_id IS NULL ORDER BY line
"""
#: Several rows may be about one person: the first that says something counts.
_STANDING = """
SELECT DISTINCT ON (contact_id) contact_id, account_id, stance, influence, strength,
  %(day)s::date AS from_on
FROM import_plan WHERE has_standing AND is_other_standing ORDER BY contact_id, line
"""


#: The answers about a person show parts and standing: whoever asks what changed must be told.
_TOUCH = """
UPDATE accounts_contact c SET updated_at = %(at)s
FROM (SELECT DISTINCT contact_id FROM import_plan
  WHERE is_other_part OR (role IS NOT NULL AND holder_id IS NULL)
    OR (has_standing AND is_other_standing)) AS p
WHERE c.id = p.contact_id
"""


def write_stakeholders(stage: Stage) -> None:
    """Write what the plan holds."""
    stage.write(_KEEP, table=_ROLES, kind="recorded")
    stage.write(_REVISE, table=_ROLES, kind="updated", key="r.id")
    since = stage.begin_of("starts_on")
    begin = _BEGIN.format(known=stage.known(since), declared=stage.declared(since))
    stage.write(begin, table=_ROLES, kind="recorded")
    put_facts(stage, STANDING, wanted=_STANDING)
    write_lines(stage)
    stage.run(_TOUCH)
    mark_touched(stage, touched="SELECT account_id FROM import_plan")
