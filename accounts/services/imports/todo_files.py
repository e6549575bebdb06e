"""What a file of to-dos does: promises nobody noted, or what became of those there are.

A row is the to-do of its talk with this side and text. Talks that whoever imports may not read are
unknown to them.
"""

from accounts.services.imports.bulk import upsert
from accounts.services.imports.references import find_accounts, find_contacts, find_own
from accounts.services.imports.stage import Stage
from accounts.services.imports.talk_reach import may_read

COLUMNS = ("touchpoint_id", "side", "text", "user_id", "contact_id", "due_on", "done_on")
_TALKS = """
CREATE TEMP TABLE import_parent ON COMMIT DROP AS
SELECT s.line, a.id AS account_id, coalesce({reaches}, false) AS is_reached,
  coalesce(a.archived_at IS NOT NULL, false) AS is_account_archived, t.id AS touchpoint_id
FROM import_stage s
LEFT JOIN import_account_ref ref ON ref.word = s.account_external_id
LEFT JOIN accounts_account a ON a.id = ref.id
LEFT JOIN import_own own ON own.word = s.touchpoint_external_id
LEFT JOIN accounts_touchpoint named ON named.account_id = a.id
 AND named.external_id = s.touchpoint_external_id AND named.retracted_at IS NULL
LEFT JOIN accounts_touchpoint t ON t.id = coalesce(named.id, own.id) AND t.account_id = a.id
 AND {reads}
WHERE NOT s.is_ragged
"""
_GIVEN = """
SELECT k.line, 'contact_external_id', k.account_id, nullif(s.contact_external_id, '')
FROM import_parent k JOIN import_stage s USING (line) WHERE k.is_reached
"""
_PLAN = """
CREATE TEMP TABLE import_plan ON COMMIT DROP AS
WITH merged AS (
  SELECT k.*, d.id AS target_id,
    CASE WHEN d.id IS NOT NULL THEN d.id
         WHEN %(is_writing)s THEN nextval(pg_get_serial_sequence('accounts_touchpointtodo', 'id'))
         ELSE -k.line END AS row_id,
    s.side, s.text, {user} AS user_id, {contact} AS contact_id, {due} AS due_on, {done} AS done_on,
    d.user_id AS user_was_id, was.email AS user_was, d.contact_id AS contact_was,
    d.due_on AS due_was, d.done_on AS done_was,
    nullif(s.user_email, '') AS user_named, u.id AS user_given,
    u.is_active IS FALSE AS user_is_gone,
    nullif(s.contact_external_id, '') AS contact_named, c.id AS contact_given,
    coalesce(min(k.line) FILTER (WHERE s.faults IS NULL)
      OVER (PARTITION BY k.touchpoint_id, s.side, s.text), k.line) AS first_alike
  FROM import_parent k JOIN import_stage s USING (line)
  LEFT JOIN LATERAL (
    SELECT * FROM accounts_touchpointtodo d
    WHERE d.touchpoint_id = k.touchpoint_id AND d.side = s.side AND d.text = s.text
    ORDER BY d.id LIMIT 1
  ) d ON true
  LEFT JOIN accounts_user was ON was.id = d.user_id
  LEFT JOIN accounts_user u ON lower(u.email) = nullif(s.user_email, '')
  LEFT JOIN import_contact_ref c ON c.account_id = k.account_id AND c.word = s.contact_external_id
)
SELECT m.*, target_id IS NULL OR (user_id, contact_id, due_on, done_on)
  IS DISTINCT FROM (user_was_id, contact_was, due_was, done_was) AS is_changed
FROM merged m
"""
_CHECK = """
INSERT INTO import_fault (line, column_key, code, hint)
SELECT p.line, f.column_key, f.code, f.hint
FROM import_plan p JOIN import_stage s USING (line) CROSS JOIN LATERAL (VALUES
  ('account_external_id', 'required', '', s.account_external_id IS NULL),
  ('account_external_id', 'unknown_account', s.account_external_id,
    s.account_external_id IS NOT NULL AND NOT p.is_reached),
  ('account_external_id', 'archived', '', p.is_reached AND p.is_account_archived),
  ('touchpoint_external_id', 'required', '', s.touchpoint_external_id IS NULL),
  ('touchpoint_external_id', 'unknown_talk', s.touchpoint_external_id, p.is_reached
    AND s.touchpoint_external_id IS NOT NULL AND p.touchpoint_id IS NULL),
  ('side', 'required', '', p.side IS NULL),
  ('text', 'required', '', p.text IS NULL),
  ('text', 'duplicate', p.first_alike::text, p.touchpoint_id IS NOT NULL AND p.text IS NOT NULL
    AND p.first_alike <> p.line),
  ('user_email', 'unknown_user', p.user_named,
    p.user_named IS NOT NULL AND p.user_given IS NULL),
  ('user_email', 'inactive_user', p.user_named, p.user_is_gone AND p.done_on IS NULL
    AND p.user_given IS DISTINCT FROM p.user_was_id),
  ('contact_external_id', 'unknown_contact', p.contact_named,
    p.is_reached AND p.contact_named IS NOT NULL AND p.contact_given IS NULL)
) AS f(column_key, code, hint, is_wrong) WHERE f.is_wrong
"""
#: The answers about a talk show its to-dos: whoever asks what changed must be told.
_TOUCH = """
UPDATE accounts_touchpoint t SET updated_at = %(at)s
WHERE t.id IN (SELECT touchpoint_id FROM import_plan)
"""
_LOCK = """
SELECT count(*) FROM (SELECT t.id FROM accounts_touchpoint t
  WHERE t.id IN (SELECT touchpoint_id FROM import_parent)
  ORDER BY t.id FOR NO KEY UPDATE) AS locked
"""


def plan_todos(stage: Stage) -> None:
    """Fill `import_plan` and note the faults; rows that are wrong are not taken out yet."""
    find_accounts(stage, "account_external_id")
    find_own(
        stage,
        table="accounts_touchpoint",
        column="touchpoint_external_id",
        holder="accounts_account",
        key="account_id",
        standing="t.retracted_at IS NULL",
    )
    stage.run(_TALKS.format(reaches=stage.reaches("a"), reads=may_read(stage, "t", "a")))
    stage.run("ANALYZE import_parent")
    if stage.is_writing:
        stage.one(_LOCK)
    find_contacts(stage, _GIVEN)
    stage.run(
        _PLAN.format(
            user=_person(stage, "user_email", "u.id", "d.user_id"),
            contact=_person(stage, "contact_external_id", "c.id", "d.contact_id"),
            due=stage.merged("due_on", "d.due_on"),
            done=stage.merged("done_on", "d.done_on"),
        )
    )
    stage.run(_CHECK)


def write_todos(stage: Stage) -> None:
    """Write what the plan holds."""
    table = "accounts_touchpointtodo"
    upsert(stage, table=table, plan="import_plan", columns=COLUMNS, stamps=())
    stage.run(_TOUCH)


def _person(stage: Stage, column: str, given: str, stored: str) -> str:
    kept = "NULL" if column in stage.cleared else stored
    return f"CASE WHEN nullif(s.{column}, '') IS NULL THEN {kept} ELSE {given} END"
