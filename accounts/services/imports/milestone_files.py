"""What a file of milestones does: steps of onboarding nobody planned, put off, or reached.

A row is the milestone its account has under the row's key; without a key, under its label.
"""

from accounts.services.imports.bulk import mark_touched
from accounts.services.imports.copies import keep_as_known
from accounts.services.imports.references import find_accounts
from accounts.services.imports.stage import Stage

_COLUMNS = "account_id, key, label_en, label_ja, due_on, done_on, is_first_value"
_PARENT = """
CREATE TEMP TABLE import_parent ON COMMIT DROP AS
SELECT s.line, a.id AS account_id, coalesce({reaches}, false) AS is_reached,
  coalesce(a.archived_at IS NOT NULL, false) AS is_account_archived
FROM import_stage s
LEFT JOIN import_account_ref ref ON ref.word = s.account_external_id
LEFT JOIN accounts_account a ON a.id = ref.id
WHERE NOT s.is_ragged
"""
#: Few who keep lists of steps know keys. A new step gets one that follows from its label, so that
#: the next file finds it even under another label.
_NAME_KEYS = """
UPDATE import_stage s SET key = coalesce(
  (SELECT t.key FROM accounts_onboardingmilestone t
   WHERE t.account_id = k.account_id AND t.retracted_at IS NULL
     AND (t.label_ja IN (s.label_ja, s.label_en) OR t.label_en IN (s.label_ja, s.label_en))
   ORDER BY t.id LIMIT 1),
  'step_' || left(md5(coalesce(s.label_en, s.label_ja)), 12))
FROM import_parent k
WHERE k.line = s.line AND s.key IS NULL AND coalesce(s.label_en, s.label_ja) IS NOT NULL
  AND NOT coalesce(s.faults @> '[{"column_key": "key"}]', false)
"""
#: A label in one language stands for both where the milestone is new.
_PLAN = """
CREATE TEMP TABLE import_plan ON COMMIT DROP AS
WITH merged AS (
  SELECT k.*, t.id AS target_id, s.key,
    CASE WHEN t.id IS NOT NULL THEN t.id
         WHEN %(is_writing)s THEN nextval(pg_get_serial_sequence('accounts_onboardingmilestone',
           'id'))
         ELSE -k.line END AS row_id,
    coalesce(s.label_en, t.label_en, s.label_ja) AS label_en,
    coalesce(s.label_ja, t.label_ja, s.label_en) AS label_ja,
    {due} AS due_on, {done} AS done_on,
    coalesce(s.is_first_value, t.is_first_value, false) AS is_first_value,
    t.label_en AS label_en_was, t.label_ja AS label_ja_was, t.due_on AS due_was,
    t.done_on AS done_was, t.is_first_value AS first_was,
    coalesce(min(k.line) FILTER (WHERE s.faults IS NULL)
      OVER (PARTITION BY k.account_id, s.key), k.line) AS first_alike
  FROM import_parent k JOIN import_stage s USING (line)
  LEFT JOIN accounts_onboardingmilestone t ON t.account_id = k.account_id AND t.key = s.key
   AND t.retracted_at IS NULL
), weighed AS (
  SELECT m.*, (due_on, done_on, is_first_value) IS DISTINCT FROM (due_was, done_was, first_was)
    AS is_weighty FROM merged m
)
SELECT w.*, target_id IS NULL OR is_weighty
  OR (label_en, label_ja) IS DISTINCT FROM (label_en_was, label_ja_was) AS is_changed
FROM weighed w
"""
_CHECK = """
INSERT INTO import_fault (line, column_key, code, hint)
SELECT p.line, f.column_key, f.code, f.hint
FROM import_plan p JOIN import_stage s USING (line) CROSS JOIN LATERAL (VALUES
  ('account_external_id', 'required', '', s.account_external_id IS NULL),
  ('account_external_id', 'unknown_account', s.account_external_id,
    s.account_external_id IS NOT NULL AND NOT p.is_reached),
  ('account_external_id', 'archived', '', p.is_reached AND p.is_account_archived),
  ('key', 'duplicate', p.first_alike::text, p.account_id IS NOT NULL AND p.key IS NOT NULL
    AND p.first_alike <> p.line),
  ('label_ja', 'required', '', p.label_ja IS NULL),
  ('done_on', 'future', '', p.done_on > %(day)s AND p.done_on IS DISTINCT FROM p.done_was)
) AS f(column_key, code, hint, is_wrong) WHERE f.is_wrong
"""
_LOCK = """
SELECT count(*) FROM (SELECT a.id FROM accounts_account a
  WHERE a.id IN (SELECT account_id FROM import_parent)
  ORDER BY a.id FOR NO KEY UPDATE) AS locked
"""
_CREATE = f"""
INSERT INTO accounts_onboardingmilestone (id, {_COLUMNS}, recorded_at, updated_at)
SELECT row_id, {_COLUMNS}, %(at)s, %(at)s FROM import_plan
WHERE target_id IS NULL ORDER BY row_id
"""  # noqa: S608
_UPDATE = """
UPDATE accounts_onboardingmilestone t SET label_en = p.label_en, label_ja = p.label_ja,
  due_on = p.due_on, done_on = p.done_on, is_first_value = p.is_first_value, updated_at = %(at)s,
  recorded_at = CASE WHEN p.is_weighty THEN %(at)s ELSE t.recorded_at END,
  is_declared = t.is_declared AND NOT p.is_weighty
FROM import_plan p WHERE p.target_id = t.id
"""


def plan_milestones(stage: Stage) -> None:
    """Fill `import_plan` and note the faults; rows that are wrong are not taken out yet."""
    find_accounts(stage, "account_external_id")
    stage.run(_PARENT.format(reaches=stage.reaches("a")))
    if stage.is_writing:
        stage.one(_LOCK)
    stage.run(_NAME_KEYS)
    stage.run(
        _PLAN.format(
            due=stage.merged("due_on", "t.due_on"), done=stage.merged("done_on", "t.done_on")
        )
    )
    stage.run(_CHECK)


def write_milestones(stage: Stage) -> None:
    """Write what the plan holds; a correction leaves what was known."""
    table = "accounts_onboardingmilestone"
    keep_as_known(stage, table=table, where="p.is_weighty", children={})
    stage.write(_UPDATE, table=table, kind="updated", key="t.id")
    stage.write(_CREATE, table=table, kind="recorded")
    mark_touched(stage, touched="SELECT account_id FROM import_plan")
