"""What a file of contacts would do: a row is the person with its id, else with its address."""

from accounts.services.imports.contact_links import link_checks, plan_links, refuse_links
from accounts.services.imports.references import find_accounts, find_own
from accounts.services.imports.stage import Stage

#: Plain columns of a contact; the default of a new one.
PLAIN = {
    "family_kana": "''",
    "given_kana": "''",
    "family_name_latin": "''",
    "given_name_latin": "''",
    "email": "''",
    "phone": "''",
    "department": "''",
    "title": "''",
    "language": "'ja'",
    "in_post_since_on": "NULL",
    "approach": "''",
    "message": "''",
}
COMPARED = (
    *PLAIN,
    "external_id",
    "family_name",
    "given_name",
    "state",
    "state_on",
    "left_on",
    "is_ghost",
    "successor_id",
)

_LOCK = """
SELECT count(*) FROM (SELECT a.id FROM accounts_account a
  WHERE a.id IN (SELECT id FROM import_account_ref)
  ORDER BY a.id FOR NO KEY UPDATE) AS locked
"""
_KEYS = """
CREATE TEMP TABLE import_key ON COMMIT DROP AS
WITH found AS (
  SELECT s.line, s.faults IS NULL AS is_clean, s.external_id, s.email, a.id AS account_id,
    a.archived_at IS NOT NULL AS is_account_archived, coalesce({reaches}, false) AS is_reached,
    coalesce(known.id, same.id) AS target_id,
    coalesce(known.id <> carried.id, own.id IS NOT NULL) AS keeps_id
  FROM import_stage s
  LEFT JOIN import_account_ref ref ON ref.word = s.account_external_id
  LEFT JOIN accounts_account a ON a.id = ref.id
  LEFT JOIN accounts_contact carried ON carried.external_id = s.external_id
  LEFT JOIN import_own own ON own.word = s.external_id
  LEFT JOIN accounts_contact known
    ON known.id = coalesce(carried.merged_into_id, carried.id, own.id)
  LEFT JOIN accounts_contact same ON same.account_id = a.id AND lower(same.email) = s.email
    AND same.email <> '' AND same.archived_at IS NULL
    AND (s.external_id IS NULL OR same.external_id IS NULL)
  WHERE NOT s.is_ragged
)
SELECT f.*,
  CASE WHEN target_id IS NOT NULL THEN target_id
       WHEN %(is_writing)s THEN nextval(pg_get_serial_sequence('accounts_contact', 'id'))
       ELSE -line END AS row_id,
  coalesce(min(line) FILTER (WHERE is_clean) OVER (PARTITION BY external_id), line)
    AS first_with_id,
  coalesce(min(line) FILTER (WHERE is_clean) OVER (PARTITION BY account_id, email), line)
    AS first_with_mail,
  coalesce(first_value(line) OVER (PARTITION BY target_id, is_clean ORDER BY keeps_id, line),
    line) AS first_of_target
FROM found f
"""
_PLAN = """
CREATE TEMP TABLE import_plan ON COMMIT DROP AS
SELECT m.*, ({compared}) IS DISTINCT FROM ({stored})
  OR m.reports_to_id IS DISTINCT FROM m.reports_to_was AS is_changed
FROM (
  SELECT k.line, k.target_id, k.row_id, s.account_external_id, k.account_id AS account_given,
    coalesce(c.account_id, k.account_id) AS account_id, k.is_reached, k.is_account_archived,
    c.archived_at IS NOT NULL AS is_archived,
    k.first_with_id, k.first_with_mail, k.first_of_target, s.external_id AS id_given,
    s.email AS email_given,
    CASE WHEN k.keeps_id THEN c.external_id ELSE coalesce(s.external_id, c.external_id) END
      AS external_id,
    {family} AS family_name, {given} AS given_name, {plain},
    coalesce(s.state, c.state, 'active') AS state, c.state AS state_was,
    CASE WHEN s.state <> c.state OR s.state_on IS NOT NULL OR c.id IS NULL AND s.state <> 'active'
         THEN coalesce(s.state_on, %(day)s::date) ELSE c.state_on END AS state_on,
    CASE WHEN coalesce(s.state, c.state) IS DISTINCT FROM 'left' THEN NULL
         WHEN c.state = 'left' THEN coalesce(s.state_on, c.left_on)
         ELSE coalesce(s.state_on, %(day)s::date) END AS left_on,
    coalesce(s.is_ghost, false) AS is_ghost, c.successor_id AS successor_was, {links}
  FROM import_key k JOIN import_stage s ON s.line = k.line
  LEFT JOIN accounts_contact c ON c.id = k.target_id
  {joins}
) AS m LEFT JOIN accounts_contact c ON c.id = m.target_id
"""
_CHECK = """
INSERT INTO import_fault (line, column_key, code, hint)
SELECT p.line, f.column_key, f.code, f.hint FROM import_plan p CROSS JOIN LATERAL (VALUES
  ('account_external_id', 'required', '', p.account_external_id IS NULL),
  ('account_external_id', 'unknown_account', p.account_external_id,
    p.account_external_id IS NOT NULL AND NOT p.is_reached),
  ('account_external_id', 'archived', '', p.is_reached AND p.is_account_archived),
  ('account_external_id', 'foreign', '', p.is_reached AND p.account_given <> p.account_id),
  ('external_id', 'archived_contact', '', p.is_reached AND p.is_archived),
  ('external_id', 'duplicate', p.first_with_id::text,
    p.id_given IS NOT NULL AND p.first_with_id <> p.line),
  ('email', 'duplicate', p.first_with_mail::text,
    p.email_given <> '' AND p.is_reached AND p.first_with_mail <> p.line),
  ('email', 'duplicate', p.first_of_target::text,
    p.target_id IS NOT NULL AND p.first_of_target <> p.line
    AND p.first_with_mail = p.line AND p.first_with_id = p.line),
  ('family_name', 'nameless', '', p.is_reached AND p.family_name = '' AND p.given_name = ''
    AND p.email = '' AND p.external_id IS NULL),
  ('email', 'email_taken', '', p.email_given <> '' AND EXISTS (
    SELECT FROM accounts_contact o WHERE o.account_id = p.account_id
    AND lower(o.email) = p.email_given AND o.email <> '' AND o.archived_at IS NULL
    AND o.id <> p.row_id)){links}
) AS f(column_key, code, hint, is_wrong) WHERE f.is_wrong
"""


def plan_contacts(stage: Stage) -> None:
    """Fill `import_plan` and note the faults; rows that are wrong are not taken out yet."""
    find_accounts(stage, "account_external_id")
    find_own(stage, table="accounts_contact")
    if stage.is_writing:
        stage.one(_LOCK)
    stage.run(_KEYS.format(reaches=stage.reaches("a")))
    stage.run("ANALYZE import_key")
    links = plan_links(stage)
    plain = (f"{stage.merged(name, f'c.{name}', new)} AS {name}" for name, new in PLAIN.items())
    stage.run(
        _PLAN.format(
            plain=", ".join(plain),
            family=_part_of_name(stage, "family_name", 1),
            given=_part_of_name(stage, "given_name", 2),
            links=", ".join(columns for columns, _join in links),
            joins="".join(join for _columns, join in links),
            compared=", ".join(f"m.{name}" for name in COMPARED),
            stored=", ".join(f"c.{name}" for name in COMPARED),
        )
    )
    stage.run(_CHECK.format(links=link_checks(stage)))
    refuse_links(stage)


def _part_of_name(stage: Stage, key: str, place: int) -> str:
    """Return the part as given, else out of a full name (family name, space, given name)."""
    part = f"split_part(regexp_replace(s.full_name, '[\\s\u3000]+', ' '), ' ', {place})"
    return stage.merged(key, f"nullif({part}, ''), c.{key}", "''")
