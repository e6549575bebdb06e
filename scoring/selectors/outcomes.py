"""What became of accounts, as we know it today: who left, who pays less, what each was worth."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from accounts.selectors.contracts import covered_until_sql
from accounts.selectors.losses import Loss, losses
from scoring.selectors.amounts import rates_on

#: Contracts as known today, each term with the first and last day on which it is worth something.
_TERMS = f"""
SELECT c.account_id, greatest(t.starts_on, c.starts_on) AS first_on,
  nullif(least(coalesce(t.ends_on - 1, 'infinity'),
    coalesce({covered_until_sql("c")}, 'infinity')), 'infinity') AS last_on,
  t.arr * r.rate AS arr
FROM accounts_contract c JOIN accounts_contractterm t ON t.contract_id = c.id
JOIN unnest(%(currencies)s::text[], %(rates)s::float8[]) AS r(currency, rate)
  ON r.currency = c.currency
WHERE c.archived_at IS NULL AND t.retracted_at IS NULL AND c.account_id = ANY(%(ids)s::bigint[])
"""  # noqa: S608 -- SQL is composed of our own text

_WORTH = f"""
SELECT account_id, sum(arr) FROM ({_TERMS}) term
WHERE first_on <= %(day)s AND (last_on IS NULL OR last_on >= %(day)s)
GROUP BY account_id
"""  # noqa: S608 -- the same


def losses_between(
    since: dt.date, until: dt.date, *, at: dt.datetime, account_ids: Sequence[int]
) -> Mapping[int, list[Loss]]:
    """Return the losses of each account within days (both included), oldest first.

    One statement; what a loss is, `accounts.selectors.losses` says.

    :param at: losses as known at this instant.
    """
    found: dict[int, list[Loss]] = defaultdict(list)
    for loss in losses(at=at, since=since, until=until, account_ids=account_ids):
        found[loss.account_id].append(loss)
    return found


def worth_on(day: dt.date, *, account_ids: Sequence[int]) -> dict[int, float]:
    """Return the ARR of accounts on a day in the reporting currency, as known today."""
    rates = rates_on(day)
    values: dict[str, Any] = {
        "day": day,
        "ids": list(account_ids),
        "currencies": list(rates),
        "rates": list(rates.values()),
    }
    with connection.cursor() as cursor:
        cursor.execute(_WORTH, values)
        return dict(cursor.fetchall())
