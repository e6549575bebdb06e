"""Lines of the stakeholder map that a file draws: who influences whom, who is in conflict.

A file adds lines; taking one away is left to people, as with domains.
"""

from accounts.services.imports.bulk import Facts, put_facts
from accounts.services.imports.stage import Stage

LINE_KINDS = ("influences", "conflicts")
LINES = Facts(
    "accounts_stakeholderrelation", ["from_contact_id", "to_contact_id", "kind"], ["account_id"]
)
#: What `find_contacts` looks for.
NAMED = """
SELECT s.line, '{kind}_external_ids', r.id, g.word FROM import_stage s
LEFT JOIN import_account_ref r ON r.word = s.account_external_id
CROSS JOIN LATERAL unnest(s.{kind}_external_ids) AS g(word)
"""
_LINES = """
CREATE TEMP TABLE import_line ON COMMIT DROP AS
SELECT k.line, k.contact_id AS from_contact_id, o.id AS to_contact_id, k.account_id, k.is_reached,
  g.kind, g.word, EXISTS (
    SELECT FROM accounts_stakeholderrelation h
    WHERE h.kind = g.kind AND h.retracted_at IS NULL AND h.starts_on <= %(day)s
      AND (h.ends_on IS NULL OR h.ends_on > %(day)s)
      AND (h.from_contact_id = k.contact_id AND h.to_contact_id = o.id OR g.kind = 'conflicts'
        AND h.from_contact_id = o.id AND h.to_contact_id = k.contact_id)) AS is_held
FROM import_person k JOIN import_stage s USING (line)
CROSS JOIN LATERAL (
  SELECT 'influences', unnest(s.influences_external_ids)
  UNION ALL SELECT 'conflicts', unnest(s.conflicts_external_ids)) AS g(kind, word)
LEFT JOIN import_contact_ref r ON r.word = g.word
 AND r.account_id IS NOT DISTINCT FROM k.account_given
LEFT JOIN accounts_contact o ON o.id = r.id AND o.account_id = k.account_id AND o.id <> k.contact_id
 AND o.archived_at IS NULL
"""
_STRANGERS = """
INSERT INTO import_fault (line, column_key, code, hint)
SELECT line, kind || '_external_ids', 'unknown_contact', min(word) FROM import_line
WHERE to_contact_id IS NULL AND is_reached GROUP BY line, kind
"""
_DRAWN = """
SELECT DISTINCT ON (l.kind, l.account_id, least(l.from_contact_id, l.to_contact_id),
    greatest(l.from_contact_id, l.to_contact_id),
    CASE WHEN l.kind = 'influences' THEN l.from_contact_id END)
  l.from_contact_id, l.to_contact_id, l.kind, l.account_id, %(day)s::date AS from_on
FROM import_line l JOIN import_plan p USING (line) WHERE NOT l.is_held
"""


def plan_lines(stage: Stage) -> None:
    """Fill `import_line` with the lines that rows draw and note whose other end is unknown."""
    stage.run(_LINES)
    stage.run("ANALYZE import_line")
    stage.run(_STRANGERS)


def write_lines(stage: Stage) -> None:
    """Draw the lines there are not yet, from today."""
    if {f"{kind}_external_ids" for kind in LINE_KINDS} & stage.present:
        put_facts(stage, LINES, wanted=_DRAWN)
