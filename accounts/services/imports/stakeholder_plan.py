"""What a file about the stakeholder map would do: parts that begin, are confirmed or end.

A row is about a person and a part; without a part it only says how the person stands to us. The
part the person plays on the row's first day, or today, is the one the row is about.
"""

from accounts.services.imports.references import find_accounts, find_contacts
from accounts.services.imports.stage import Stage
from accounts.services.imports.stakeholder_lines import LINE_KINDS, NAMED, plan_lines

STANDING_COLUMNS = ("stance", "influence", "strength")
_NAMED = """
SELECT s.line, 'contact_external_id', r.id, s.contact_external_id
FROM import_stage s LEFT JOIN import_account_ref r ON r.word = s.account_external_id
"""
_PEOPLE = """
CREATE TEMP TABLE import_person ON COMMIT DROP AS
SELECT s.line, named.id AS account_given, a.id AS account_id,
  coalesce(s.contact_external_id, s.contact_email) AS contact_named,
  coalesce(own.id, mail.id) AS contact_id, coalesce({reaches}, false) AS is_reached,
  coalesce(a.archived_at IS NOT NULL, false) AS is_account_archived,
  coalesce(own.archived_at IS NOT NULL, false) AS is_archived
FROM import_stage s
LEFT JOIN import_account_ref ref ON ref.word = s.account_external_id
LEFT JOIN accounts_account named ON named.id = ref.id
LEFT JOIN import_contact_ref person ON person.word = s.contact_external_id
 AND person.account_id IS NOT DISTINCT FROM named.id
LEFT JOIN accounts_contact carried ON carried.external_id = s.contact_external_id
LEFT JOIN accounts_contact own
  ON own.id = coalesce(carried.merged_into_id, carried.id, person.id)
LEFT JOIN accounts_contact mail ON s.contact_external_id IS NULL AND mail.account_id = named.id
 AND lower(mail.email) = s.contact_email AND mail.email <> '' AND mail.archived_at IS NULL
LEFT JOIN accounts_account a ON a.id = coalesce(own.account_id, named.id)
WHERE NOT s.is_ragged
"""
_PLAN = """
CREATE TEMP TABLE import_plan ON COMMIT DROP AS
WITH merged AS (
  SELECT k.*, EXISTS (SELECT FROM import_line l WHERE l.line = k.line) AS has_lines,
    EXISTS (SELECT FROM import_line l WHERE l.line = k.line AND NOT l.is_held) AS is_other_line,
    coalesce(h.stance, '') AS stance_was, coalesce(h.influence, '') AS influence_was,
    coalesce(h.strength, '') AS strength_was, s.faults IS NULL AS is_clean,
    s.account_external_id, s.role, s.contact_external_id IS NOT NULL AS has_id,
    r.id AS holder_id, coalesce(s.starts_on, r.starts_on, %(day)s) AS starts_on,
    {ends} AS ends_on, {confirmed} AS confirmed_on,
    r.starts_on AS starts_was, r.ends_on AS ends_was, r.confirmed_on AS confirmed_was,
    h.id AS standing_id, {stance} AS stance, {influence} AS influence, {strength} AS strength,
    s.stance IS NOT NULL OR s.influence IS NOT NULL OR s.strength IS NOT NULL AS has_standing,
    (coalesce(h.stance, ''), coalesce(h.influence, ''), coalesce(h.strength, ''))
      IS DISTINCT FROM ({stance}, {influence}, {strength}) AS is_other_standing
  FROM import_person k JOIN import_stage s USING (line)
  LEFT JOIN LATERAL (
    SELECT * FROM accounts_stakeholderrole r
    WHERE r.contact_id = k.contact_id AND r.role = s.role AND r.retracted_at IS NULL
      AND (r.ends_on IS NULL OR r.ends_on > coalesce(s.starts_on, %(day)s)
        OR r.starts_on = s.starts_on OR r.ends_on = s.ends_on)
    ORDER BY (r.starts_on = s.starts_on) IS TRUE DESC, (r.ends_on = s.ends_on) IS TRUE DESC,
      r.starts_on LIMIT 1
  ) r ON true
  LEFT JOIN accounts_contactstanding h ON h.contact_id = k.contact_id AND h.retracted_at IS NULL
   AND h.starts_on <= %(day)s AND (h.ends_on IS NULL OR h.ends_on > %(day)s)
)
SELECT m.*, coalesce(min(line) FILTER (WHERE is_clean) OVER (PARTITION BY contact_id, role), line)
    AS first_line,
  CASE WHEN role IS NULL THEN contact_id ELSE holder_id END AS target_id, -line AS row_id,
  role IS NOT NULL AND (starts_on, ends_on, confirmed_on)
    IS DISTINCT FROM (starts_was, ends_was, confirmed_was) AS is_other_part,
  role IS NOT NULL AND (holder_id IS NULL OR (starts_on, ends_on, confirmed_on)
    IS DISTINCT FROM (starts_was, ends_was, confirmed_was))
    OR has_standing AND is_other_standing OR is_other_line AS is_changed
FROM merged m
"""
_CHECK = """
INSERT INTO import_fault (line, column_key, code, hint)
SELECT p.line, f.column_key, f.code, f.hint FROM import_plan p
CROSS JOIN LATERAL (SELECT CASE WHEN p.has_id THEN 'contact_external_id' ELSE 'contact_email' END
  AS person) named
CROSS JOIN LATERAL (VALUES
  ('account_external_id', 'unknown_account', p.account_external_id,
    p.account_external_id IS NOT NULL AND (p.account_given IS NULL OR NOT p.is_reached)),
  ('account_external_id', 'required', '',
    p.account_external_id IS NULL AND NOT p.has_id AND p.contact_named IS NOT NULL),
  ('account_external_id', 'archived', '', p.is_reached AND p.is_account_archived),
  ('account_external_id', 'foreign', '', p.is_reached AND p.account_given <> p.account_id),
  ('contact_external_id', 'required', '', p.contact_named IS NULL),
  (named.person, 'unknown_contact', p.contact_named, p.contact_named IS NOT NULL
    AND (p.contact_id IS NULL AND p.account_id IS NOT NULL AND p.is_reached
      OR p.account_external_id IS NULL AND p.has_id AND NOT p.is_reached)),
  (named.person, 'archived_contact', '', p.is_reached AND p.is_archived),
  ('role', 'required', '', p.role IS NULL AND NOT p.has_standing
    AND NOT p.has_lines),
  ('role', 'duplicate', p.first_line::text, p.contact_id IS NOT NULL AND p.is_reached
    AND p.first_line <> p.line),
  ('ends_on', 'role_ends_before', '', p.ends_on < p.starts_on),
  ('confirmed_on', 'future', '', p.confirmed_on > %(day)s)
) AS f(column_key, code, hint, is_wrong) WHERE f.is_wrong
"""
_LOCK = """
SELECT count(*) FROM (SELECT c.id FROM accounts_contact c
  WHERE c.id IN (SELECT contact_id FROM import_person)
  ORDER BY c.id FOR NO KEY UPDATE) AS locked
"""


def plan_stakeholders(stage: Stage) -> None:
    """Fill `import_plan` and note the faults; rows that are wrong are not taken out yet."""
    find_accounts(stage, "account_external_id")
    kinds = [kind for kind in LINE_KINDS if f"{kind}_external_ids" in stage.present]
    find_contacts(stage, " UNION ALL ".join([_NAMED, *(NAMED.format(kind=kind) for kind in kinds)]))
    stage.run(_PEOPLE.format(reaches=stage.reaches("a")))
    stage.run("ANALYZE import_person")
    plan_lines(stage)
    if stage.is_writing:
        stage.one(_LOCK)
    stage.run(
        _PLAN.format(
            ends=stage.merged("ends_on", "r.ends_on"),
            confirmed=stage.merged("confirmed_on", "r.confirmed_on"),
            **{name: stage.merged(name, f"h.{name}", "''") for name in STANDING_COLUMNS},
        )
    )
    stage.run(_CHECK)
