"""What rows about contracts would do: new, changed or wrong. Terms are dated, the rest is plain."""

from collections.abc import Mapping

from accounts.services.imports.stage import Stage

#: Plain columns of a contract; the default of a new one.
PLAIN = {
    "product": "''",
    "kind": "CASE WHEN s.ends_on IS NULL THEN 'open_ended' ELSE 'fixed' END",
    "currency": "(SELECT coalesce(min(currency), 'JPY') FROM accounts_organisation)",
    "starts_on": "s.starts_default",
    "ends_on": "NULL",
    "notice_months": "0",
    "auto_renews": "false",
    "is_public_yearly": "false",
    "payment_days": "30",
    "closing_day": "NULL",
    "payment_months": "NULL",
    "payment_day": "NULL",
    "notice_received_on": "NULL",
    "forecast": "''",
    "approval_state": "'not_started'",
}
#: Terms of one kind take the place of the other's; the place in the array, and its length.
TERMS = {
    "payment_days": (1, 1),
    "closing_day": (1, 3),
    "payment_months": (2, 3),
    "payment_day": (3, 3),
}
NAMES = {
    name: name
    for name in ("external_id", "account_external_id", "arr", "terms_on", "starts_on", "ends_on")
} | {"no_arr": "required"}

_PLAN = """
CREATE TEMP TABLE {plan} ON COMMIT DROP AS
WITH merged AS (
  SELECT s.line, CASE WHEN c.id IS NULL THEN s.external_id ELSE c.external_id END AS external_id,
    coalesce(
      min(s.line) FILTER (WHERE s.faults IS NULL) OVER (PARTITION BY s.external_id), s.line)
    AS first_line,
    c.id AS target_id,
    CASE WHEN c.id IS NOT NULL THEN c.id
         WHEN %(is_writing)s THEN nextval(pg_get_serial_sequence('accounts_contract', 'id'))
         ELSE -s.line END AS row_id,
    s.account_external_id, s.account_id AS account_given,
    coalesce(c.account_id, s.account_id) AS account_id, s.is_reached, s.is_account_archived,
    c.archived_at IS NOT NULL AS is_archived, {merged},
    s.payment_days IS NOT NULL AND s.payment_terms <> ARRAY[s.payment_days]::smallint[]
      AS has_two_terms,
    c.starts_on AS starts_was, s.arr AS arr_given, s.seats AS seats_given, s.terms_on
  FROM {source} s LEFT JOIN accounts_contract c ON c.id = s.contract_id
  CROSS JOIN LATERAL (SELECT coalesce(s.payment_terms,
    CASE WHEN s.payment_days IS NOT NULL THEN ARRAY[s.payment_days]::smallint[] END) AS terms) g
), dated AS (
  SELECT m.*, coalesce(m.terms_on,
    CASE WHEN m.target_id IS NULL THEN m.starts_on ELSE greatest(%(day)s, m.starts_on) END
  ) AS from_on FROM merged m
)
SELECT d.*, coalesce(d.arr_given, t.arr) AS arr, coalesce(d.seats_given, t.seats) AS seats,
  first.ends_on AS first_ends_on,
  d.target_id IS NULL OR ({compared}) IS DISTINCT FROM ({stored})
    OR (coalesce(d.arr_given, t.arr), coalesce(d.seats_given, t.seats))
       IS DISTINCT FROM (t.arr, t.seats) AS is_changed,
  (d.arr_given IS NOT NULL OR d.seats_given IS NOT NULL)
    AND (coalesce(d.arr_given, t.arr), coalesce(d.seats_given, t.seats))
        IS DISTINCT FROM (t.arr, t.seats) AS has_new_terms
FROM dated d LEFT JOIN accounts_contract c ON c.id = d.target_id
LEFT JOIN LATERAL (
  SELECT arr, seats FROM accounts_contractterm t
  WHERE t.contract_id = d.target_id AND t.retracted_at IS NULL AND t.starts_on <= d.from_on
    AND (t.ends_on IS NULL OR t.ends_on > d.from_on) ORDER BY t.starts_on DESC LIMIT 1) t ON true
LEFT JOIN LATERAL (
  SELECT ends_on FROM accounts_contractterm f
  WHERE f.contract_id = d.target_id AND f.retracted_at IS NULL AND f.starts_on = d.starts_was
  LIMIT 1) first ON true
"""
_CHECK = """
INSERT INTO import_fault (line, column_key, code, hint)
SELECT p.line, f.column_key, f.code, f.hint FROM {plan} p CROSS JOIN LATERAL (VALUES
  (%(external_id)s, 'duplicate', p.first_line::text, p.first_line <> p.line),
  (%(account_external_id)s, 'required', '', p.account_id IS NULL AND p.account_external_id IS NULL),
  (%(account_external_id)s, 'unknown_account', p.account_external_id,
    p.account_external_id IS NOT NULL AND (p.account_given IS NULL OR NOT p.is_reached)),
  (%(account_external_id)s, 'archived', '', p.is_account_archived AND p.is_reached),
  (%(external_id)s, 'not_found', '', p.account_external_id IS NULL
    AND p.target_id IS NOT NULL AND NOT p.is_reached),
  (%(account_external_id)s, 'foreign', '', p.account_given <> p.account_id),
  (%(external_id)s, 'archived_contract', '', p.is_archived),
  (%(starts_on)s, 'required', '', p.starts_on IS NULL),
  (%(arr)s, %(no_arr)s, '', p.arr IS NULL),
  (%(ends_on)s, 'ends_before_start', '', p.ends_on < p.starts_on),
  (%(ends_on)s, 'fixed_without_end', '', p.kind = 'fixed' AND p.ends_on IS NULL),
  ('auto_renews', 'renews_public_contract', '',
    p.is_public_yearly AND p.auto_renews AND p.is_changed),
  ('payment_terms', 'two_terms', '', p.has_two_terms),
  (%(terms_on)s, 'outside_contract', '', p.has_new_terms
    AND p.ends_on >= p.starts_on IS NOT FALSE
    AND (p.from_on < p.starts_on OR p.from_on > p.ends_on AND NOT p.auto_renews)),
  (%(starts_on)s, 'starts_after_terms', '', p.starts_on >= p.first_ends_on)
) AS f(column_key, code, hint, is_wrong) WHERE f.is_wrong
"""


def _merged(name: str, new: str) -> str:
    """Return what a row says, else what is stored, else the default of a new contract."""
    if name not in TERMS:
        return f"coalesce(s.{name}, c.{name}, {new})"
    place, length = TERMS[name]
    given = f"CASE WHEN cardinality(g.terms) = {length} THEN g.terms[{place}] END"
    stored = f"CASE WHEN c.id IS NULL THEN {new} ELSE c.{name} END"
    return f"CASE WHEN g.terms IS NOT NULL THEN {given} ELSE {stored} END"


def terms_text(row: str) -> str:
    """Write the payment terms of a row as SQL that says what `parse_terms` reads."""
    return (
        f"CASE WHEN {row}.closing_day IS NULL THEN 'net ' || {row}.payment_days"
        f" ELSE {_day_text(f'{row}.closing_day', '月末')} || '締め'"
        f" || (ARRAY['当月', '翌月', '翌々月', '翌々々月'])[{row}.payment_months + 1]"
        f" || {_day_text(f'{row}.payment_day', '末')} || '払い' END"
    )


def _day_text(column: str, last: str) -> str:
    return f"CASE {column} WHEN 31 THEN '{last}' ELSE {column} || '日' END"


def plan_contracts(
    stage: Stage, *, source: str, plan: str, names: Mapping[str, str] = NAMES
) -> None:
    """Fill the table `plan` from rows about contracts and note their faults.

    :param names: what the columns of a fault are called in the file; `no_arr` is the fault of a
        row without an ARR.
    """
    cleared = stage.cleared if source == "import_contract_stage" else frozenset()
    merged = [
        f"{f's.{name}' if name in cleared else _merged(name, new)} AS {name}"
        for name, new in PLAIN.items()
    ]
    stage.run(
        _PLAN.format(
            plan=plan,
            source=source,
            merged=", ".join(merged),
            compared=", ".join(f"d.{name}" for name in PLAIN),
            stored=", ".join(f"c.{name}" for name in PLAIN),
        )
    )
    stage.run(_CHECK.format(plan=plan), **names)
