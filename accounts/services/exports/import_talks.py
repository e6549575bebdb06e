"""Talks, tickets, invoices, milestones in the shape the kinds of imports read: a statement each.

They name only people and contracts that stand in the files beside them.
"""

from accounts.services.exports.import_files import ACCOUNT_ID, CONTACT_ID, LIVE, LIVE_CONTACT
from accounts.services.own_codes import id_or_code


def moment(column: str) -> str:
    """Return the SQL text of an instant, exact and with its zone."""
    return f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""


_CONTACT = f"""
(SELECT {CONTACT_ID} FROM accounts_contact gone
 JOIN accounts_contact c ON c.id = coalesce(gone.merged_into_id, gone.id)
 WHERE gone.id = {{row}}.contact_id AND c.account_id = a.id AND {LIVE_CONTACT})
"""  # noqa: S608
TOUCHPOINTS = f"""
SELECT {ACCOUNT_ID} AS account_external_id, {id_or_code("t", "a")} AS external_id,
  t.type, t.direction, {moment("t.occurred_at")} AS occurred_at, t.duration_minutes,
  t.subject, t.purpose, t.next_on, t.body, t.decisions, t.sentiment, t.visibility,
  (SELECT string_agg(DISTINCT {CONTACT_ID}, ';') FROM accounts_touchpoint_contacts x
   JOIN accounts_contact gone ON gone.id = x.contact_id
   JOIN accounts_contact c ON c.id = coalesce(gone.merged_into_id, gone.id)
   WHERE x.touchpoint_id = t.id AND c.account_id = a.id AND {LIVE_CONTACT})
    AS contact_external_ids,
  (SELECT string_agg(u.email, ';' ORDER BY u.email) FROM accounts_touchpoint_users x
   JOIN accounts_user u ON u.id = x.user_id WHERE x.touchpoint_id = t.id) AS user_emails,
  (SELECT string_agg(x.signal, ';' ORDER BY x.signal) FROM accounts_touchpointsignal x
   WHERE x.touchpoint_id = t.id) AS signals
FROM accounts_touchpoint t JOIN accounts_account a ON a.id = t.account_id
WHERE {LIVE} AND t.retracted_at IS NULL AND NOT t.is_draft ORDER BY t.id
"""  # noqa: S608
#: A file knows a to-do by its text: of equal ones of a talk it holds the one its row would change.
PROMISES = f"""
SELECT {ACCOUNT_ID} AS account_external_id, {id_or_code("t", "a")} AS touchpoint_external_id,
  d.side, d.text, u.email AS user_email, {_CONTACT.format(row="d")} AS contact_external_id,
  d.due_on, d.done_on
FROM (SELECT DISTINCT ON (touchpoint_id, side, text) * FROM accounts_touchpointtodo
  ORDER BY touchpoint_id, side, text, id) d
JOIN accounts_touchpoint t ON t.id = d.touchpoint_id
JOIN accounts_account a ON a.id = t.account_id LEFT JOIN accounts_user u ON u.id = d.user_id
WHERE {LIVE} AND t.retracted_at IS NULL AND NOT t.is_draft ORDER BY d.id
"""  # noqa: S608
TICKETS = f"""
SELECT {id_or_code("t", "a")} AS external_id, {ACCOUNT_ID} AS account_external_id,
  {_CONTACT.format(row="t")} AS contact_external_id, t.subject, t.severity, t.state,
  {moment("t.opened_at")} AS opened_at, {moment("t.resolved_at")} AS resolved_at,
  t.csat
FROM accounts_ticket t JOIN accounts_account a ON a.id = t.account_id
WHERE {LIVE} AND t.retracted_at IS NULL ORDER BY t.id
"""  # noqa: S608
INVOICES = f"""
SELECT {id_or_code("i", "a")} AS external_id, {ACCOUNT_ID} AS account_external_id,
  (SELECT {id_or_code("k")} FROM accounts_contract k WHERE k.id = i.contract_id
   AND k.account_id = a.id AND k.archived_at IS NULL) AS contract_external_id,
  i.issued_on, i.due_on, i.amount, i.currency, i.last_paid_on AS paid_on,
  CASE WHEN i.last_paid_on IS NOT NULL THEN i.paid_amount END AS paid_amount
FROM accounts_invoice i JOIN accounts_account a ON a.id = i.account_id
WHERE {LIVE} AND i.retracted_at IS NULL ORDER BY i.id
"""  # noqa: S608
MILESTONES = f"""
SELECT {ACCOUNT_ID} AS account_external_id, m.key, m.label_ja, m.label_en, m.due_on, m.done_on,
  m.is_first_value
FROM accounts_onboardingmilestone m JOIN accounts_account a ON a.id = m.account_id
WHERE {LIVE} AND m.retracted_at IS NULL ORDER BY m.id
"""  # noqa: S608
