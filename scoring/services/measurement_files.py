"""Take in a file of measurements, as `scoring.services.measurements` takes in one.

A reading is known by its own-system id at its account and key, else by its moment there. Nobody
knows a reading by its number, so a correction retracts the row and records another.
"""

from accounts.services.exports.import_files import ACCOUNT_ID, LIVE
from accounts.services.exports.import_talks import moment
from accounts.services.imports.bulk import mark_touched
from accounts.services.imports.references import find_accounts
from accounts.services.imports.stage import Stage
from scoring.services.measurements import SLACK

MEASUREMENTS = f"""
SELECT {ACCOUNT_ID} AS account_external_id, m.key, m.value,
  {moment("m.measured_at")} AS measured_at, m.external_id
FROM scoring_measurement m JOIN accounts_account a ON a.id = m.account_id
WHERE {LIVE} AND m.retracted_at IS NULL ORDER BY m.id
"""  # noqa: S608
_PLAN = """
CREATE TEMP TABLE import_plan ON COMMIT DROP AS
WITH found AS (
  SELECT s.line, s.account_external_id, s.key, s.value, s.measured_at, s.external_id,
    a.id AS account_id, coalesce({reaches}, false) AS is_reached,
    coalesce(a.archived_at IS NOT NULL, false) AS is_archived,
    coalesce(own.id, same.id) AS target_id, coalesce(own.value, same.value) AS value_was,
    coalesce(own.measured_at, same.measured_at) AS measured_was,
    coalesce(min(s.line) FILTER (WHERE s.faults IS NULL) OVER (PARTITION BY a.id, s.key,
      s.external_id, CASE WHEN s.external_id IS NULL THEN s.measured_at END), s.line) AS first_line
  FROM import_stage s
  LEFT JOIN import_account_ref ref ON ref.word = s.account_external_id
  LEFT JOIN accounts_account a ON a.id = ref.id
  LEFT JOIN scoring_measurement own ON own.account_id = a.id AND own.key = s.key
    AND own.external_id = s.external_id AND own.retracted_at IS NULL
  LEFT JOIN scoring_measurement same ON same.account_id = a.id AND same.key = s.key
    AND s.external_id IS NULL AND same.external_id IS NULL
    AND same.measured_at = s.measured_at AND same.retracted_at IS NULL
  WHERE NOT s.is_ragged
)
SELECT f.*, (f.value, f.measured_at) IS DISTINCT FROM (f.value_was, f.measured_was) AS is_changed,
  coalesce(f.target_id, -f.line) AS row_id
FROM found f
"""
_CHECK = """
INSERT INTO import_fault (line, column_key, code, hint)
SELECT p.line, f.column_key, f.code, f.hint FROM import_plan p CROSS JOIN LATERAL (VALUES
  ('account_external_id', 'required', '', p.account_external_id IS NULL),
  ('account_external_id', 'unknown_account', p.account_external_id,
    p.account_external_id IS NOT NULL AND NOT p.is_reached),
  ('account_external_id', 'archived', '', p.is_reached AND p.is_archived),
  ('key', 'required', '', p.key IS NULL),
  ('value', 'required', '', p.value IS NULL),
  ('measured_at', 'required', '', p.measured_at IS NULL),
  ('measured_at', 'future', '', p.measured_at > %(latest)s),
  (CASE WHEN p.external_id IS NULL THEN 'measured_at' ELSE 'external_id' END,
    'duplicate', p.first_line::text,
    p.is_reached AND p.key IS NOT NULL AND p.first_line <> p.line
    AND (p.external_id IS NOT NULL OR p.measured_at IS NOT NULL))
) AS f(column_key, code, hint, is_wrong) WHERE f.is_wrong
"""
_LOCK = """
SELECT count(*) FROM (SELECT a.id FROM accounts_account a
  WHERE a.id IN (SELECT id FROM import_account_ref)
  ORDER BY a.id FOR NO KEY UPDATE) AS locked
"""
_RETRACT = """
UPDATE scoring_measurement m SET retracted_at = %(at)s FROM import_plan p WHERE m.id = p.target_id
"""
_RECORD = """
INSERT INTO scoring_measurement
  (account_id, key, value, measured_at, external_id, recorded_at, is_declared)
SELECT account_id, key, value, measured_at, external_id, {known}, {declared}
FROM import_plan ORDER BY line
"""


def plan_measurements(stage: Stage) -> None:
    """Fill `import_plan` and note the faults; rows that are wrong are not taken out yet."""
    find_accounts(stage, "account_external_id")
    if stage.is_writing:
        stage.one(_LOCK)
    stage.run(_PLAN.format(reaches=stage.reaches("a")))
    stage.run(_CHECK, latest=stage.at + SLACK)


def write_measurements(stage: Stage) -> None:
    """Write what the plan holds: readings nobody knew, and corrections, which are known now."""
    stage.write(_RETRACT, table="scoring_measurement", kind="retracted", key="m.id")
    is_new = "target_id IS NULL"
    record = _RECORD.format(
        known=stage.known("measured_at", is_new), declared=stage.declared("measured_at", is_new)
    )
    stage.write(record, table="scoring_measurement", kind="recorded")
    mark_touched(stage, touched="SELECT account_id FROM import_plan")
