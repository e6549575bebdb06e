"""What became of accounts, as we know it today: who left, who pays less, what each was worth."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db import connection

from scoring.selectors.amounts import rates_on

LossKind = Literal["churn", "downgrade"]

_CHURNS = """
SELECT account_id, min(starts_on) FROM (
  SELECT account_id, starts_on FROM accounts_accountstatusfact
  WHERE status = 'churned' AND retracted_at IS NULL
  UNION ALL
  SELECT id, churned_on FROM accounts_account WHERE churned_on IS NOT NULL
) gone
WHERE starts_on BETWEEN %(since)s AND %(until)s AND {which}
GROUP BY account_id, date_trunc('month', starts_on)
"""

#: Contracts as known today, each term with the first and last day on which it is worth something.
_TERMS = """
SELECT c.account_id, greatest(t.starts_on, c.starts_on) AS first_on,
  nullif(least(coalesce(t.ends_on - 1, 'infinity'),
    CASE WHEN c.ends_on IS NULL OR (c.auto_renews AND c.notice_received_on IS NULL)
      THEN 'infinity' ELSE c.ends_on END), 'infinity') AS last_on,
  t.arr * r.rate AS arr
FROM accounts_contract c JOIN accounts_contractterm t ON t.contract_id = c.id
JOIN unnest(%(currencies)s::text[], %(rates)s::float8[]) AS r(currency, rate)
  ON r.currency = c.currency
WHERE c.archived_at IS NULL AND t.retracted_at IS NULL AND {which}
"""

_DOWNGRADES = f"""
WITH term AS MATERIALIZED ({_TERMS}),
edge AS (
  SELECT account_id, first_on AS day FROM term
  UNION SELECT account_id, last_on + 1 FROM term WHERE last_on IS NOT NULL
),
step AS (
  SELECT e.account_id, e.day,
    sum(t.arr) FILTER (WHERE t.first_on < e.day AND (t.last_on IS NULL OR t.last_on >= e.day - 1))
      AS before,
    sum(t.arr) FILTER (WHERE t.first_on <= e.day AND (t.last_on IS NULL OR t.last_on >= e.day))
      AS after
  FROM edge e JOIN term t ON t.account_id = e.account_id
  WHERE e.day BETWEEN %(since)s AND %(until)s
  GROUP BY e.account_id, e.day
)
SELECT account_id, day, before - after FROM step
WHERE after > 0 AND after < before * 0.995
"""  # noqa: S608 -- composed of our own text; values are parameters

_WORTH = f"""
SELECT account_id, sum(arr) FROM ({_TERMS}) term
WHERE first_on <= %(day)s AND (last_on IS NULL OR last_on >= %(day)s)
GROUP BY account_id
"""  # noqa: S608 -- the same


@dataclass(frozen=True)
class Loss:
    """A customer left, or pays less from a day on; `arr` is what a downgrade took."""

    on: dt.date
    kind: LossKind
    arr: float | None = None


def losses_between(
    since: dt.date, until: dt.date, *, account_ids: Sequence[int] | None = None
) -> Mapping[int, list[Loss]]:
    """Return the losses of each account within days (both included), oldest first.

    Two statements. Of several contracts losing one is a downgrade, not a churn.
    """
    values = {"since": since, "until": until, **_scope(account_ids, until)}
    found: dict[int, list[Loss]] = defaultdict(list)
    for account, on in _read(_CHURNS, "account_id", values):
        found[account].append(Loss(on, "churn"))
    for account, on, arr in _read(_DOWNGRADES, "c.account_id", values):
        if not any(loss.kind == "churn" and loss.on <= on for loss in found.get(account, ())):
            found[account].append(Loss(on, "downgrade", arr))
    return {account: sorted(losses, key=lambda loss: loss.on) for account, losses in found.items()}


def worth_on(day: dt.date, *, account_ids: Sequence[int]) -> dict[int, float]:
    """Return the ARR of accounts on a day in the reporting currency, as known today."""
    values = {"day": day, **_scope(account_ids, day)}
    return dict(_read(_WORTH, "c.account_id", values))


def _scope(account_ids: Sequence[int] | None, day: dt.date) -> dict[str, Any]:
    rates = rates_on(day)
    return {
        "everyone": account_ids is None,
        "ids": list(account_ids or ()),
        "currencies": list(rates),
        "rates": list(rates.values()),
    }


def _read(statement: str, column: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    which = f"(%(everyone)s OR {column} = ANY(%(ids)s::bigint[]))"
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("{which}", which), values)
        return cursor.fetchall()  # type: ignore[no-any-return]
