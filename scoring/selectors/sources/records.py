"""Tickets, invoices, contracts and milestones of an account."""

# ruff: noqa: S608 -- SQL is composed of our own text, dates and numbers; values are parameters.

from accounts.domain.expectations import TICKET_TARGET_DAYS
from accounts.selectors.dated import holds, known
from scoring.selectors.sources.fragments import case, contracts, in_use, lasts, local, workday

TICKETS = f"""
SELECT *, coalesce(closed_on, %(day)s::date) AS "on",
  {workday("coalesce(closed_on, %(day)s::date)")} - {workday("opened_on")} AS work_days,
  {case("severity", dict(TICKET_TARGET_DAYS))} AS target_days
FROM (
  SELECT tk.account_id, tk.severity, tk.csat, {local("tk.opened_at")} AS opened_on,
    done.starts_on AS closed_on
  FROM accounts_ticket tk
  LEFT JOIN LATERAL (
    SELECT max(f.starts_on) AS starts_on FROM accounts_ticketstatefact f
    WHERE f.ticket_id = tk.id AND f.state = 'resolved' AND {holds("f")}
  ) done ON true
  WHERE tk.account_id = ANY(%(ids)s) AND tk.opened_at < %(t)s AND {known("tk")}
  OFFSET 0
) tickets"""

INVOICES = f"""
SELECT *, due_on AS "on", greatest(0, coalesce(paid_on, %(day)s::date) - due_on) AS days_late
FROM (
  SELECT i.account_id, i.amount, CASE WHEN p.amount >= i.amount THEN p.paid_on END AS paid_on,
    coalesce((%(workdays)s::date[])[{workday("i.due_on - 1")} + 1], i.due_on) AS due_on
  FROM accounts_invoice i
  LEFT JOIN LATERAL (
    SELECT sum(ip.amount) AS amount, max(ip.paid_on) AS paid_on FROM accounts_invoicepayment ip
    WHERE ip.invoice_id = i.id AND ip.paid_on <= %(day)s AND {known("ip")}
  ) p ON true
  WHERE i.account_id = ANY(%(ids)s) AND i.issued_on <= %(day)s AND {known("i")}
  OFFSET 0
) invoices"""

TERMS = f"""
SELECT c.account_id, ct.starts_on AS "on", ct.arr::float8 AS arr,
  ct.starts_on <= %(day)s AND (ct.ends_on IS NULL OR ct.ends_on > %(day)s)
    AND {lasts("c", "%(day)s")} AS holds_now,
  ct.starts_on <= %(day)s::date - 365
    AND (ct.ends_on IS NULL OR ct.ends_on > %(day)s::date - 365)
    AND {lasts("c", "%(day)s::date - 365")} AS held_then
FROM {contracts()} c JOIN accounts_contractterm ct ON ct.contract_id = c.id
WHERE c.account_id = ANY(%(ids)s) AND {in_use("c")} AND {known("ct")}"""

#: What all contracts were worth on the same day of this month and of the twelve before.
WORTH = f"""
SELECT held.account_id, held."on", sum(held.arr) AS arr
FROM (
  SELECT c.account_id, m."on",
    CASE WHEN ct.starts_on <= m."on" AND (ct.ends_on IS NULL OR ct.ends_on > m."on")
      AND {lasts("c", 'm."on"')}
    THEN ct.arr::float8 ELSE 0 END AS arr
  FROM {contracts()} c JOIN accounts_contractterm ct ON ct.contract_id = c.id
  CROSS JOIN (
    SELECT (%(day)s::date - n * interval '1 month')::date AS "on" FROM generate_series(0, 12) n
  ) m
  WHERE c.account_id = ANY(%(ids)s) AND {in_use("c")} AND {known("ct")}
    AND c.starts_on <= m."on"
) held GROUP BY held.account_id, held."on" """

RENEWALS = f"""
SELECT c.account_id,
  accounts_decide_on(c.ends_on, c.notice_months, c.auto_renews, %(day)s) AS "on"
FROM {contracts()} c
WHERE c.account_id = ANY(%(ids)s) AND {in_use("c")}
  AND (c.notice_received_on IS NULL OR c.notice_received_on > %(day)s)
  AND {lasts("c", "%(day)s")} AND c.starts_on <= %(day)s
  AND NOT EXISTS (
    SELECT FROM {contracts()} n WHERE n.account_id = c.account_id AND n.id <> c.id
      AND {in_use("n")} AND n.product = c.product
      AND n.starts_on > c.starts_on AND n.starts_on >= c.ends_on)"""

NOTICES = f"""
SELECT c.account_id, c.notice_received_on AS "on" FROM {contracts()} c
WHERE c.account_id = ANY(%(ids)s) AND {in_use("c")} AND c.notice_received_on <= %(day)s
  AND {lasts("c", "%(day)s")}"""

MILESTONES = f"""
SELECT ms.account_id, ms.due_on AS "on", ms.key, ms.due_on, ms.is_first_value,
  CASE WHEN ms.done_on <= %(day)s THEN ms.done_on END AS done_on
FROM accounts_onboardingmilestone ms
WHERE ms.account_id = ANY(%(ids)s) AND {known("ms")}"""

#: What custom attributes say of an account; a value is only cast where it can be.
ATTRIBUTES = f"""
SELECT v.account_id, v.starts_on AS "on", v.key,
  CASE WHEN jsonb_typeof(v.value) = 'boolean' THEN CASE WHEN v.value = 'true' THEN 1 ELSE 0 END
    WHEN jsonb_typeof(v.value) = 'number' AND abs((v.value #>> '{{}}')::numeric) < 1e300
    THEN (v.value #>> '{{}}')::float8 END AS number,
  CASE WHEN jsonb_typeof(v.value) = 'string' AND pg_input_is_valid(v.value #>> '{{}}', 'date')
    THEN (v.value #>> '{{}}')::date END AS date
FROM accounts_attributevalue v WHERE v.account_id = ANY(%(ids)s) AND {holds("v")}"""

MEASUREMENTS = f"""
SELECT ms.account_id, {local("ms.measured_at")} AS "on", ms.measured_at AS at, ms.key, ms.value
FROM scoring_measurement ms
WHERE ms.account_id = ANY(%(ids)s) AND ms.measured_at < %(t)s AND {known("ms")}"""
