"""Churn and downgrade: who was lost or pays less, since when, why, and since when we know.

A churn is the day on which the status became churned. A downgrade is a day on which all contracts
of an account together became worth less, unless the account was lost within the 90 days after it
or before: a contract that runs out and the word that the customer is gone are one loss.
"""

# ruff: noqa: S608 -- SQL is composed of our own text; values are parameters.

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Organisation
from accounts.selectors.contracts import covered_until_sql
from accounts.selectors.dated import holds, known

#: A fall of ARR to nothing and a churn so many days later are one loss.
ONE_LOSS = 90


class LossKind(TextChoices):
    CHURN = "churn", pgettext_lazy("loss", "Churn")
    DOWNGRADE = "downgrade", _("Downgrade")


@dataclass(frozen=True)
class Loss:
    """A customer lost, or a customer that pays less; amounts in the reporting currency, a year."""

    account_id: int
    kind: LossKind
    on: dt.date
    reason: str
    arr_before: Decimal
    arr_lost: Decimal
    known_at: dt.datetime
    is_declared: bool


def lost_sql(day: str, *, where: str = "true") -> str:
    """Return the SELECT of (account_id, lost_on): who is lost on a day, as known at `%(k)s`.

    What customers agreed on ends with them: on the day before.

    :param where: which facts `f` are looked at, by their account.
    """
    return (
        "SELECT f.account_id, min(f.starts_on) AS lost_on FROM accounts_accountstatusfact f"
        f" WHERE f.status = 'churned' AND {holds('f', day)} AND {where}"
        " GROUP BY f.account_id"
    )


#: Rows (account_id, kind, on, reason, arr_before, arr_lost, known_at, is_declared) as known at
#: `%(k)s`, up to day `%(day)s`, of `%(ids)s` or, where that is NULL, of everybody.
LOSSES = f"""
WITH own AS (
  SELECT coalesce(min(currency), 'JPY') AS currency, coalesce(min(time_zone), 'UTC') AS zone
  FROM accounts_organisation
), rate AS (
  SELECT DISTINCT ON (currency) currency, rate FROM accounts_fxrate
  WHERE "on" <= %(day)s AND recorded_at <= %(k)s
  ORDER BY currency, "on" DESC, recorded_at DESC
), term AS (
  SELECT c.account_id, ct.starts_on AS since,
    least(ct.ends_on, {covered_until_sql("c")} + 1) AS until,
    ct.arr * CASE WHEN c.currency = own.currency THEN 1 ELSE coalesce(rate.rate, 1) END AS arr,
    ct.reason, ct.recorded_at, ct.is_declared
  FROM accounts_contract c CROSS JOIN own
  JOIN accounts_contractterm ct ON ct.contract_id = c.id AND {known("ct")}
  LEFT JOIN rate ON rate.currency = c.currency
  WHERE c.archived_at IS NULL AND (%(ids)s::bigint[] IS NULL OR c.account_id = ANY(%(ids)s))
), step AS (
  SELECT edge.account_id, edge."on",
    coalesce(sum(t.arr) FILTER (
      WHERE t.since < edge."on" AND (t.until IS NULL OR t.until >= edge."on")), 0) AS before,
    coalesce(sum(t.arr) FILTER (
      WHERE t.since <= edge."on" AND (t.until IS NULL OR t.until > edge."on")), 0) AS after,
    max(t.reason) FILTER (WHERE t.since = edge."on") AS reason,
    max(t.recorded_at) FILTER (WHERE edge."on" IN (t.since, t.until)) AS recorded_at,
    bool_or(t.is_declared) FILTER (WHERE edge."on" IN (t.since, t.until)) AS is_declared
  FROM (
    SELECT account_id, since AS "on" FROM term UNION SELECT account_id, until FROM term
  ) edge JOIN term t ON t.account_id = edge.account_id
  WHERE edge."on" <= %(day)s GROUP BY edge.account_id, edge."on"
), status AS (
  SELECT f.account_id, f.starts_on, f.ends_on, f.recorded_at, f.is_declared
  FROM accounts_accountstatusfact f
  WHERE f.status = 'churned' AND f.starts_on <= %(day)s AND {known("f")}
    AND (f.ends_on IS NULL OR f.ends_on > f.starts_on)
    AND (%(ids)s::bigint[] IS NULL OR f.account_id = ANY(%(ids)s))
), churn AS (
  SELECT s.*, (
    SELECT v.value #>> '{{}}' FROM accounts_attributevalue v
    WHERE v.account_id = s.account_id AND v.key = 'churn_reason' AND {known("v")}
      AND v.value #>> '{{}}' <> '' AND (v.ends_on IS NULL OR v.ends_on > s.starts_on)
      AND (s.ends_on IS NULL OR v.starts_on < s.ends_on)
    ORDER BY v.starts_on DESC, v.id DESC LIMIT 1
  ) AS reason, (
    SELECT max(greatest(p.before, p.after)) FROM (
      SELECT st.before, 0 AS after FROM step st
      WHERE st.account_id = s.account_id AND st.after < st.before
        AND st."on" BETWEEN s.starts_on - {ONE_LOSS} AND s.starts_on
      UNION ALL
      SELECT 0, sum(t.arr) FROM term t
      WHERE t.account_id = s.account_id AND t.since < s.starts_on
        AND (t.until IS NULL OR t.until >= s.starts_on)
    ) p
  ) AS arr
  FROM status s
  WHERE NOT EXISTS (
    SELECT FROM status e WHERE e.account_id = s.account_id AND e.ends_on = s.starts_on)
)
SELECT account_id, 'churn' AS kind, starts_on AS "on", coalesce(reason, '') AS reason,
  coalesce(arr, 0) AS arr_before, coalesce(arr, 0) AS arr_lost, recorded_at AS known_at, is_declared
FROM churn
UNION ALL
SELECT st.account_id, 'downgrade', st."on", coalesce(st.reason, ''), st.before,
  st.before - st.after, greatest(st.recorded_at, st."on"::timestamp AT TIME ZONE own.zone),
  st.is_declared
FROM step st CROSS JOIN own
WHERE st.after < st.before AND NOT EXISTS (
  SELECT FROM status s WHERE s.account_id = st.account_id
    AND s.starts_on <= st."on" + CASE WHEN st.after = 0 THEN {ONE_LOSS} ELSE 0 END
    AND (s.ends_on IS NULL OR s.ends_on > st."on"))"""


def losses(
    *,
    at: dt.datetime,
    since: dt.date | None = None,
    until: dt.date | None = None,
    account_ids: Iterable[int] | None = None,
) -> list[Loss]:
    """Return churns and downgrades as known at `at`, by day; one statement.

    :param since: first day, from the beginning unless given.
    :param until: last day, the day of `at` unless given.
    """
    values: dict[str, Any] = {
        "k": at,
        "day": until or Organisation.objects.day_of(at),
        "since": since or dt.date.min,
        "ids": None if account_ids is None else sorted(account_ids),
    }
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT * FROM ({LOSSES}) l"
            ' WHERE l."on" >= %(since)s ORDER BY l."on", l.account_id, l.kind',
            values,
        )
        return [Loss(row[0], LossKind(row[1]), *row[2:]) for row in cursor.fetchall()]
