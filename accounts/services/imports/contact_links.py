"""Whom the rows about contacts name: who takes over after them, and whom they report to.

Both may be rows of the same file. Whoever reports to somebody new ends the old line; nobody comes
to report to themselves, through whomever.
"""

from accounts.services.imports.bulk import Facts, put_facts
from accounts.services.imports.references import find_contacts
from accounts.services.imports.stage import Stage

LINKS = ("successor", "reports_to")
LINES = Facts(
    "accounts_stakeholderrelation", ["from_contact_id", "kind"], ["account_id", "to_contact_id"]
)
_GIVEN = """
SELECT k.line, '{name}_external_id', k.account_id, s.{name}_external_id
FROM import_key k JOIN import_stage s USING (line)
WHERE k.account_id IS NOT NULL AND s.{name}_external_id IS NOT NULL
"""
_NEW = "EXISTS (SELECT FROM import_key n WHERE n.external_id = word AND n.target_id IS NULL)"
_FIND = """
LEFT JOIN import_contact_ref {name} ON {name}.account_id = k.account_id
 AND {name}.word = s.{name}_external_id
LEFT JOIN import_key {name}_new ON {name}.id IS NULL AND {name}_new.target_id IS NULL
 AND {name}_new.external_id = s.{name}_external_id AND {name}_new.account_id = k.account_id
 AND {name}_new.line = {name}_new.first_with_id
"""
_SENIOR = """
LEFT JOIN accounts_stakeholderrelation senior ON senior.from_contact_id = k.target_id
 AND senior.kind = 'reports_to' AND senior.retracted_at IS NULL AND senior.starts_on <= %(day)s
 AND (senior.ends_on IS NULL OR senior.ends_on > %(day)s)
"""
_CHECKS = """,
  ('{name}_external_id', 'unknown_contact', p.{name}, p.is_reached AND p.{name}_is_unknown),
  ('{name}_external_id', 'same_person', '', p.{name}_id = p.row_id)"""
#: A row that names a new person who is refused is refused with them, and so on.
_ORPHANS = """
WITH RECURSIVE refused(row_id) AS (
  SELECT p.row_id FROM import_plan p JOIN import_fault f USING (line) WHERE p.target_id IS NULL
  UNION
  SELECT p.row_id FROM refused r
  JOIN import_plan p ON r.row_id IN (p.successor_id, p.reports_to_id) WHERE p.target_id IS NULL
)
INSERT INTO import_fault (line, column_key, code, hint)
SELECT p.line, l.name || '_external_id', 'refused_contact', l.word FROM import_plan p
CROSS JOIN LATERAL (VALUES ('successor', p.successor, p.successor_id),
  ('reports_to', p.reports_to, p.reports_to_id)) AS l(name, word, id)
WHERE l.id IN (SELECT row_id FROM refused) AND l.id <> p.row_id
"""
#: As in `account_plan`: a refused row keeps its line, which may close another circle.
_CIRCLES = """
WITH RECURSIVE proposed AS (
  SELECT p.row_id, p.reports_to_id, p.reports_to_was, p.line FROM import_plan p
  WHERE p.reports_to_id IS NOT NULL AND NOT EXISTS (SELECT FROM import_fault f
    WHERE f.line = p.line)
), reports(junior, senior) AS (
  SELECT r.from_contact_id, r.to_contact_id FROM accounts_stakeholderrelation r
  WHERE r.kind = 'reports_to' AND r.retracted_at IS NULL
    AND r.account_id IN (SELECT account_id FROM import_plan)
    AND (r.ends_on IS NULL OR r.ends_on > %(day)s)
    AND NOT (r.starts_on <= %(day)s AND r.from_contact_id IN (SELECT row_id FROM proposed))
  UNION ALL SELECT row_id, reports_to_id FROM proposed
), up(start, above) AS (
  SELECT row_id, reports_to_id FROM proposed WHERE reports_to_id IS DISTINCT FROM reports_to_was
  UNION
  SELECT u.start, r.senior FROM up u JOIN reports r ON r.junior = u.above
  WHERE u.above <> u.start
)
INSERT INTO import_fault (line, column_key, code, hint)
SELECT DISTINCT p.line, 'reports_to_external_id', 'cyclic', '' FROM up u
JOIN proposed p ON p.row_id = u.start WHERE u.above = u.start
"""
_REPORTS = """
SELECT row_id AS from_contact_id, 'reports_to' AS kind, account_id, reports_to_id AS to_contact_id,
  %(day)s::date AS from_on
FROM import_plan WHERE reports_to_id IS DISTINCT FROM reports_to_was
"""


def plan_links(stage: Stage) -> list[tuple[str, str]]:
    """Return for each link the columns and the join that find whom a row names."""
    present = [name for name in LINKS if _key(name) in stage.present]
    if present:
        given = " UNION ALL ".join(_GIVEN.format(name=name) for name in present)
        find_contacts(stage, given, new=_NEW)
        stage.run("CREATE INDEX ON import_key (external_id)")
    kept = {"successor": "c.successor_id", "reports_to": "NULL::bigint"}
    links = [_link(stage, name, kept[name]) for name in LINKS]
    if _key("reports_to") in stage.present:
        return [*links, ("senior.to_contact_id AS reports_to_was", _SENIOR)]
    return [*links, ("NULL::bigint AS reports_to_was", "")]


def _key(name: str) -> str:
    return f"{name}_external_id"


def _link(stage: Stage, name: str, kept: str) -> tuple[str, str]:
    if _key(name) not in stage.present:
        unknown = f"NULL::text AS {name}, false AS {name}_is_unknown"
        return f"{kept} AS {name}_id, {unknown}", ""
    given = f"s.{_key(name)}"
    kept = "senior.to_contact_id" if name == "reports_to" else kept
    kept = "NULL" if _key(name) in stage.cleared else kept
    found = f"coalesce({name}.id, {name}_new.row_id)"
    columns = (
        f"CASE WHEN {given} IS NULL THEN {kept} ELSE {found} END AS {name}_id, {given} AS {name},"
        f" {given} IS NOT NULL AND {found} IS NULL AS {name}_is_unknown"
    )
    return columns, _FIND.format(name=name)


def link_checks(stage: Stage) -> str:
    """Return the checks of the people rows name, as more VALUES of the checks of contacts."""
    return "".join(_CHECKS.format(name=name) for name in LINKS if _key(name) in stage.present)


def refuse_links(stage: Stage) -> None:
    """Refuse rows whose people are refused or who would come to report to themselves."""
    if any(_key(name) in stage.present for name in LINKS):
        stage.run(_ORPHANS)
    if _key("reports_to") in stage.present:
        while stage.run(_CIRCLES):
            pass


def write_reports(stage: Stage) -> None:
    """Draw the lines of the plan from today."""
    if _key("reports_to") in stage.present:
        put_facts(stage, LINES, wanted=_REPORTS)
