"""The children of accounts as SQL: their scores of the day, and what everybody pays.

The compiled roll-up reads them summed, an explanation one by one; both from the same rows.
"""

# ruff: noqa: S608 -- SQL is composed of our own text; values are parameters.

from accounts.selectors.dated import holds
from scoring.selectors.scorable import WAS_SCORABLE
from scoring.selectors.sources.fragments import contracts, in_use, lasts

_RATE = (
    "CASE WHEN c.currency = coalesce((SELECT currency FROM accounts_organisation), 'JPY') THEN 1"
    " ELSE (SELECT f.rate FROM accounts_fxrate f WHERE f.currency = c.currency"
    ' AND f."on" <= %(day)s AND f.recorded_at <= %(k)s'
    ' ORDER BY f."on" DESC, f.recorded_at DESC LIMIT 1) END'
)


def arr_sql(account: str) -> str:
    """Write the yearly value of an account on the day, as known, in the organisation's money."""
    return (
        f"coalesce((SELECT sum(ct.arr * {_RATE}) FROM {contracts(f'= {account}')} c"
        f" JOIN accounts_contractterm ct ON ct.contract_id = c.id AND {holds('ct')}"
        f" WHERE {in_use('c')} AND {lasts('c', '%(day)s')}), 0)::float8"
    )


def children_sql(parents: str, *, official: bool) -> str:
    """Return the SELECT of (parent_id, account_id, is_customer, score, is_critical, arr).

    A provisional run takes a child's score of the official day before where it has none today.
    """
    before, score, state = "", "d.computed", "d.state"
    if not official:
        before = (
            " LEFT JOIN scoring_healthdaily y"
            " ON y.account_id = a.id AND y.day = %(was_day)s::date AND d.account_id IS NULL"
        )
        score, state = "coalesce(d.computed, y.computed)", "coalesce(d.state, y.state)"
    return (
        f"SELECT a.parent_id, a.id AS account_id, ({WAS_SCORABLE}) AS is_customer,"
        f" CASE WHEN {WAS_SCORABLE} THEN {score} END AS score,"
        f" {state} = 0 AS is_critical, {arr_sql('a.id')} AS arr"
        " FROM accounts_account a LEFT JOIN scoring_healthdaily d"
        f" ON d.account_id = a.id AND d.day = %(day)s::date{before}"
        f" WHERE a.parent_id = ANY({parents})"
    )


def groups_sql(parents: str, *, official: bool) -> str:
    """Return the SELECT of one row a parent: its children that count, summed."""
    return (
        "SELECT k.parent_id, count(*) AS kids, min(k.score) AS least, sum(k.score) AS total,"
        " sum(k.arr) AS kid_arr, sum(k.arr * k.score) AS kid_worth,"
        " coalesce(sum(k.arr) FILTER (WHERE k.is_critical), 0) AS critical_arr,"
        f" bool_or(k.is_critical) AS has_critical, {arr_sql('k.parent_id')} AS own_arr"
        f" FROM ({children_sql(parents, official=official)}\nOFFSET 0) k"
        " WHERE k.score IS NOT NULL GROUP BY k.parent_id"
    )
