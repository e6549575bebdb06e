"""What the contracts of an account add up to today: ARR, MRR, seats, renewal date.

A contract counts from its first day to its last; one that renews by itself goes on by whole years,
after notice until the end of the year that was running when it came. A customer that churned has
no contract in force and nothing to decide. A sum over one currency stays in it, a sum over several
is in the reporting currency at the latest rate; without a rate the account keeps what it had.

The actionable renewal date is the day by which the customer must decide: last day less the notice
period, the earliest of all contracts that nobody has cancelled and no later one follows on.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import connection

from accounts.models import Organisation
from accounts.selectors.contracts import covered_until_sql

_REFRESH = f"""
WITH wanted AS (
  SELECT a.id, a.currency AS kept_currency FROM accounts_account a
  WHERE %(everyone)s OR a.id = ANY(%(ids)s::bigint[])
), own AS (
  SELECT coalesce((SELECT currency FROM accounts_organisation), 'JPY') AS currency
), contract AS (
  SELECT c.*, c.auto_renews AND c.notice_received_on IS NULL AS goes_on,
         {covered_until_sql("c")} AS until
  FROM accounts_contract c JOIN wanted w ON w.id = c.account_id
  WHERE c.archived_at IS NULL
), standing AS (
  SELECT c.* FROM contract c JOIN accounts_account a ON a.id = c.account_id
  WHERE a.status <> 'churned'
), in_force AS (
  SELECT c.account_id, c.currency, t.arr, t.seats,
         CASE WHEN c.currency = own.currency THEN 1 ELSE (
           SELECT rate FROM accounts_fxrate f
           WHERE f.currency = c.currency AND f."on" <= %(day)s
           ORDER BY f."on" DESC, f.recorded_at DESC LIMIT 1) END AS rate
  FROM standing c CROSS JOIN own
  JOIN accounts_contractterm t ON t.contract_id = c.id AND t.retracted_at IS NULL
   AND t.starts_on <= %(day)s AND (t.ends_on IS NULL OR t.ends_on > %(day)s)
  WHERE c.starts_on <= %(day)s AND (c.until IS NULL OR c.until >= %(day)s)
), worth AS (
  SELECT account_id, sum(seats) AS seats,
         CASE WHEN count(DISTINCT currency) = 1 THEN min(currency)
              ELSE (SELECT currency FROM own) END AS currency,
         CASE WHEN count(DISTINCT currency) = 1 THEN sum(arr)
              WHEN bool_or(rate IS NULL) THEN NULL
              ELSE round(sum(arr * rate), 2) END AS arr,
         count(DISTINCT currency) > 1 AND bool_or(rate IS NULL) AS unknown
  FROM in_force GROUP BY account_id
), renewal AS (
  SELECT c.account_id, min(accounts_decide_on(
           c.ends_on, c.notice_months, c.goes_on, %(day)s)) AS renewal_on
  FROM standing c
  WHERE c.notice_received_on IS NULL AND (c.ends_on >= %(day)s OR c.goes_on)
    AND NOT EXISTS (
      SELECT FROM standing n WHERE n.account_id = c.account_id AND n.id <> c.id
      AND n.product = c.product AND n.starts_on > c.starts_on AND n.starts_on >= c.ends_on)
  GROUP BY c.account_id
), figures AS (
  SELECT w.id, coalesce(f.arr, 0) AS arr, round(coalesce(f.arr, 0) / 12, 2) AS mrr,
         f.seats, coalesce(f.currency, w.kept_currency) AS currency, r.renewal_on,
         coalesce(a.customer_since_on, (SELECT min(starts_on) FROM contract c
           WHERE c.account_id = w.id AND c.starts_on <= %(day)s)) AS since_on
  FROM wanted w JOIN accounts_account a ON a.id = w.id
  LEFT JOIN worth f ON f.account_id = w.id LEFT JOIN renewal r ON r.account_id = w.id
  WHERE NOT coalesce(f.unknown, false)
)
UPDATE accounts_account a
SET arr = f.arr, mrr = f.mrr, licensed_users = f.seats, currency = f.currency,
    renewal_on = f.renewal_on, customer_since_on = f.since_on, updated_at = %(at)s
FROM figures f
WHERE a.id = f.id
  AND (a.arr, a.mrr, a.licensed_users, a.currency, a.renewal_on, a.customer_since_on)
      IS DISTINCT FROM (f.arr, f.mrr, f.seats, f.currency, f.renewal_on, f.since_on)
RETURNING a.id
"""  # noqa: S608 -- SQL is composed of our own text


def refresh_contract_figures(
    *, at: dt.datetime, account_ids: Iterable[int] | None = None
) -> list[int]:
    """Bring the figures of these accounts, or of all, in step with their contracts on the day.

    One statement whatever their number; rows that are right are not written. Contracts begin and
    end by themselves, so it also runs every day. Return the ids of the accounts that changed.
    """
    values: dict[str, Any] = {
        "everyone": account_ids is None,
        "ids": sorted(account_ids or []),
        "day": Organisation.objects.day_of(at),
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_REFRESH, values)
        return [pk for (pk,) in cursor.fetchall()]
