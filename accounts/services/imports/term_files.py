"""What a file of amounts does: from a day on a contract is worth something else.

A row is the amount its contract has on the row's day. Several rows of one contract are written one
after the other in the order of their days, as many statements as one contract has rows at most.
"""

from accounts.services.imports.bulk import Facts, mark_touched, put_facts, refresh_figures
from accounts.services.imports.references import find_own
from accounts.services.imports.stage import Stage

TERMS = Facts("accounts_contractterm", ["contract_id"], ["arr", "seats", "reason"])
_PLAN = """
CREATE TEMP TABLE import_plan ON COMMIT DROP AS
WITH merged AS (
  SELECT s.line, s.contract_external_id, c.id AS contract_id, c.account_id,
    coalesce({reaches}, false) AS is_reached, a.archived_at IS NOT NULL AS is_account_archived,
    c.archived_at IS NOT NULL AS is_archived, s.starts_on,
    c.starts_on AS contract_starts_on, c.ends_on AS contract_ends_on, c.auto_renews,
    h.id AS holder_id, h.starts_on AS holds_from, -s.line AS row_id,
    coalesce(s.arr, h.arr) AS arr, {seats} AS seats, {reason} AS reason,
    h.arr AS arr_was, h.seats AS seats_was, h.reason AS reason_was,
    coalesce(min(s.line) FILTER (WHERE s.faults IS NULL)
      OVER (PARTITION BY c.id, s.starts_on), s.line) AS first_alike
  FROM import_stage s
  LEFT JOIN import_own own ON own.word = s.contract_external_id
  LEFT JOIN accounts_contract named ON named.external_id = s.contract_external_id
  LEFT JOIN accounts_contract c ON c.id = coalesce(named.id, own.id)
  LEFT JOIN accounts_account a ON a.id = c.account_id
  LEFT JOIN accounts_contractterm h ON h.contract_id = c.id AND h.retracted_at IS NULL
   AND h.starts_on <= s.starts_on AND (h.ends_on IS NULL OR h.ends_on > s.starts_on)
  WHERE NOT s.is_ragged
)
SELECT m.*, (arr, seats, reason) IS DISTINCT FROM (arr_was, seats_was, reason_was) AS is_changed,
  CASE WHEN holds_from = starts_on OR (arr, seats, reason)
    IS NOT DISTINCT FROM (arr_was, seats_was, reason_was) THEN holder_id END AS target_id
FROM merged m
"""
_CHECK = """
INSERT INTO import_fault (line, column_key, code, hint)
SELECT p.line, f.column_key, f.code, f.hint FROM import_plan p CROSS JOIN LATERAL (VALUES
  ('contract_external_id', 'required', '', p.contract_external_id IS NULL),
  ('contract_external_id', 'no_contract', p.contract_external_id,
    p.contract_external_id IS NOT NULL AND NOT p.is_reached),
  ('contract_external_id', 'archived_contract', '', p.is_reached AND p.is_archived),
  ('contract_external_id', 'archived', '', p.is_reached AND p.is_account_archived),
  ('starts_on', 'required', '', p.starts_on IS NULL),
  ('arr', 'required', '', p.arr IS NULL),
  ('starts_on', 'duplicate', p.first_alike::text, p.contract_id IS NOT NULL
    AND p.starts_on IS NOT NULL AND p.first_alike <> p.line),
  ('starts_on', 'outside_contract', '', p.is_reached AND p.is_changed
    AND (p.starts_on < p.contract_starts_on
      OR p.starts_on > p.contract_ends_on AND NOT p.auto_renews))
) AS f(column_key, code, hint, is_wrong) WHERE f.is_wrong
"""
_LOCK = """
SELECT count(*) FROM (SELECT a.id FROM accounts_account a
  WHERE a.id IN (SELECT c.account_id FROM accounts_contract c
    JOIN import_stage s ON s.contract_external_id = c.external_id
    UNION SELECT c.account_id FROM accounts_contract c JOIN import_own own USING (id))
  ORDER BY a.id FOR NO KEY UPDATE) AS locked
"""
_MOST = """
SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM import_plan GROUP BY contract_id) counted
"""
_WANTED = """
SELECT contract_id, arr, seats, reason, starts_on AS from_on FROM (
  SELECT *, row_number() OVER (PARTITION BY contract_id ORDER BY starts_on) AS place
  FROM import_plan) ranked
WHERE place = {place}
"""


def plan_terms(stage: Stage) -> None:
    """Fill `import_plan` and note the faults; rows that are wrong are not taken out yet."""
    find_own(stage, table="accounts_contract", column="contract_external_id")
    if stage.is_writing:
        stage.one(_LOCK)
    stage.run(
        _PLAN.format(
            reaches=stage.reaches("a"),
            seats=stage.merged("seats", "h.seats"),
            reason=stage.merged("reason", "h.reason", "''"),
        )
    )
    stage.run(_CHECK)


def write_terms(stage: Stage) -> None:
    """Write what the plan holds."""
    (most,) = stage.one(_MOST)
    for place in range(1, most + 1):
        put_facts(stage, TERMS, wanted=_WANTED.format(place=place))
    touched = "SELECT account_id FROM import_plan"
    refresh_figures(stage, touched=touched)
    mark_touched(stage, touched=touched)
