"""What a file of invoices would do: new, corrected, paid, or wrong.

`paid_amount` is all that was paid so far, `paid_on` the day on which the last of it came in; a row
with a day and no amount says that the invoice was paid in full.
"""

import datetime as dt

from accounts.domain.due_dates import due_day
from accounts.domain.payment_terms import ClosingTerms, NetDays, PaymentTerms
from accounts.services.imports.bulk import derive
from accounts.services.imports.parents import find_parents
from accounts.services.imports.stage import Stage
from accounts.services.invoices import banks
from accounts.services.own_codes import id_or_code

_KNOWN = """
SELECT i.id, i.account_id FROM accounts_invoice i
WHERE i.external_id = s.external_id AND i.retracted_at IS NULL"""
_ASKED = """
CREATE TEMP TABLE import_asked ON COMMIT DROP AS
SELECT *, dense_rank() OVER (ORDER BY agreed_on, from_on, terms) AS question
FROM (
  SELECT k.line, s.contract_external_id, c.id AS contract_given, d.issued_on, d.agreed_on,
    CASE WHEN d.agreed_on IS NULL THEN d.issued_on END AS from_on,
    CASE WHEN d.agreed_on IS NULL
      THEN coalesce(c.payment_days::text, concat_ws(' ', c.closing_day, c.payment_months,
        c.payment_day)) END AS terms
  FROM import_parent k JOIN import_stage s USING (line)
  LEFT JOIN accounts_invoice i ON i.id = k.target_id
  LEFT JOIN accounts_contract c ON c.account_id = k.account_id
    AND s.contract_external_id = {named}
  CROSS JOIN LATERAL (SELECT coalesce(s.issued_on, i.issued_on) AS issued_on,
    coalesce(s.due_on, i.due_on) AS agreed_on) d
) asked
"""
#: Files have many rows, and few days and terms: each question is answered once.
_QUESTIONS = "SELECT DISTINCT question, agreed_on, from_on, terms FROM import_asked"
_PLAN = """
CREATE TEMP TABLE import_plan ON COMMIT DROP AS
WITH merged AS (
  SELECT k.line, k.target_id, k.account_id, s.external_id,
    CASE WHEN k.target_id IS NOT NULL THEN k.target_id
         WHEN %(is_writing)s THEN nextval(pg_get_serial_sequence('accounts_invoice', 'id'))
         ELSE -k.line END AS row_id,
    {contract} AS contract_id, x.contract_external_id AS contract_named, x.contract_given,
    x.issued_on, x.agreed_on, d.due_on::date AS due_on,
    {amount} AS amount, {currency} AS currency,
    i.contract_id AS contract_was, i.issued_on AS issued_was, i.due_on AS due_was,
    i.amount AS amount_was, i.currency AS currency_was,
    s.paid_on, coalesce(s.paid_amount, CASE WHEN s.paid_on IS NOT NULL THEN {amount} END)
      AS paid_amount,
    coalesce(i.paid_amount, 0) AS paid_was, i.last_paid_on AS paid_on_was
  FROM import_parent k JOIN import_stage s USING (line) JOIN import_asked x USING (line)
  LEFT JOIN accounts_invoice i ON i.id = k.target_id
  LEFT JOIN accounts_account a ON a.id = k.account_id
  LEFT JOIN import_derived d ON d.line = x.question
), paid AS (
  SELECT m.*, paid_on IS NOT NULL
    AND (paid_amount, paid_on) IS DISTINCT FROM (paid_was, paid_on_was) AS is_paid
  FROM merged m
)
SELECT p.*,
  (issued_on, due_on, amount) IS DISTINCT FROM (issued_was, due_was, amount_was) AS is_weighty,
  is_paid AND (paid_amount <= paid_was OR paid_on < paid_on_was) AS is_paid_otherwise,
  target_id IS NULL OR is_paid OR (contract_id, issued_on, due_on, amount, currency)
    IS DISTINCT FROM (contract_was, issued_was, due_was, amount_was, currency_was) AS is_changed
FROM paid p
"""
_CHECK = """
INSERT INTO import_fault (line, column_key, code, hint)
SELECT p.line, f.column_key, f.code, f.hint FROM import_plan p CROSS JOIN LATERAL (VALUES
  ('issued_on', 'required', '', p.issued_on IS NULL),
  ('amount', 'required', '', p.amount IS NULL),
  ('amount', 'above_zero', '', p.amount <= 0),
  ('due_on', 'due_before_issued', '', p.agreed_on < p.issued_on),
  ('contract_external_id', 'unknown_contract', p.contract_named,
    p.contract_named <> '' AND p.account_id IS NOT NULL AND p.contract_given IS NULL),
  ('paid_on', 'required', '', p.paid_amount > 0 AND p.paid_on IS NULL),
  ('paid_on', 'future', '', p.paid_on > %(day)s),
  ('paid_amount', 'above_zero', '', p.paid_on IS NOT NULL AND p.paid_amount <= 0)
) AS f(column_key, code, hint, is_wrong) WHERE f.is_wrong
"""


def plan_invoices(stage: Stage) -> None:
    """Fill `import_plan` and note the faults; rows that are wrong are not taken out yet."""
    find_parents(stage, table="accounts_invoice", known=_KNOWN)
    stage.run(_ASKED.format(named=id_or_code("c")))
    _answer_due_days()
    stage.run(
        _PLAN.format(
            contract="x.contract_given"
            if "contract_external_id" in stage.cleared
            else "coalesce(x.contract_given, i.contract_id)",
            amount=stage.merged("amount", "i.amount"),
            currency=stage.merged("currency", "i.currency", "a.currency"),
        )
    )
    stage.run(_CHECK)


def _answer_due_days() -> None:
    """Work out the due day of each question: an agreed day, or terms from a day on."""
    calendar = banks()

    def answer(texts: list[str]) -> list[str | None]:
        agreed, issued = (dt.date.fromisoformat(text) if text else None for text in texts[:2])
        asked = agreed or issued
        if asked is None:
            return [None]
        terms = _terms(texts[2])
        return [str(due_day(issued_on=asked, terms=terms, due_on=agreed, banks=calendar))]

    derive(source=_QUESTIONS, table="import_derived", columns=["due_on text"], make=answer)


def _terms(text: str) -> PaymentTerms | None:
    """Return the terms of a contract; nothing where there is none."""
    match [int(number) for number in text.split()]:
        case [days]:
            return NetDays(days)
        case [closing_day, months, payment_day]:
            return ClosingTerms(closing_day, months, payment_day)
    return None
