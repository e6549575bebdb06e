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

#: The days WORTH looks at, and the sums of x and x² up to each of them, x being days from today.
_MONTHS = """
SELECT array_agg(m."on" ORDER BY m."on") AS "on",
  0 || array_agg(m.x ORDER BY m."on") AS x, 0 || array_agg(m.xx ORDER BY m."on") AS xx
FROM (
  SELECT d."on", sum(d.x) OVER (ORDER BY d."on") AS x, sum(d.x * d.x) OVER (ORDER BY d."on") AS xx
  FROM (
    SELECT months."on", months."on" - %(day)s::date AS x
    FROM (
      SELECT (%(day)s::date - n * interval '1 month')::date AS "on" FROM generate_series(0, 12) n
    ) months
  ) d
) m"""

#: A straight line through what all contracts were worth on the same day of this month and of the
#: twelve before, from the first of them: `slope` a day, `mean` and the number of `months`. A term
#: covers a run of these days, so the sums of x and x² up to each of them are all a row needs; they
#: are exact (x counts from today, ARR is decimal), so what never moved has no slope at all.
WORTH = f"""
SELECT lines.account_id, lines.months, (lines.y / lines.months)::float8 AS mean,
  ((lines.months * lines.xy - lines.x * lines.y)
    / nullif(lines.months * lines.xx - lines.x * lines.x, 0))::float8 AS slope
FROM (
  SELECT held.account_id, 13 - held.first AS months, held.y, held.xy,
    upto.x[14] - upto.x[held.first + 1] AS x, upto.xx[14] - upto.xx[held.first + 1] AS xx
  FROM (
    SELECT term.account_id, min(term.first) AS first,
      sum(term.arr * greatest(0, term.till - term.since)) AS y,
      sum(term.arr * (upto.x[greatest(term.till, term.since) + 1] - upto.x[term.since + 1])) AS xy
    FROM (
      SELECT c.account_id, ct.arr, width_bucket(c.starts_on - 1, days."on") AS first,
        width_bucket(greatest(c.starts_on, ct.starts_on) - 1, days."on") AS since,
        width_bucket(least(ct.ends_on - 1, c.until, %(day)s), days."on") AS till
      FROM {contracts()} c JOIN accounts_contractterm ct ON ct.contract_id = c.id
      CROSS JOIN ({_MONTHS}) days
      WHERE c.account_id = ANY(%(ids)s) AND {in_use("c")} AND {known("ct")}
        AND c.starts_on <= %(day)s
    ) term CROSS JOIN ({_MONTHS}) upto GROUP BY term.account_id
  ) held CROSS JOIN ({_MONTHS}) upto
) lines"""

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
