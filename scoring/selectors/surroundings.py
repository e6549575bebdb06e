"""What a score depends on beside the account's own readings: cohort, children, the days before.

The reference evaluator gets here what the compiled statement joins.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import connection

from accounts.models import Account
from config.lib.once import once
from scoring.choices import RunKind
from scoring.domain.carrying import Kept
from scoring.domain.cohorts import Norms
from scoring.domain.definition import Definition
from scoring.domain.rollup import Child, Group
from scoring.models import HealthRun
from scoring.selectors.assignments import audience_sql, first_of
from scoring.selectors.cohorts import norms_of
from scoring.selectors.frames import Frame
from scoring.selectors.group_sql import arr_sql, children_sql

#: Why a child is left out of its parent's roll-up.
NOT_A_CUSTOMER, NO_SCORE = "not_a_customer", "no_score"

_COHORT = "SELECT {cohort} FROM accounts_account a WHERE a.id = %(account)s"
_GROUP = """
SELECT {own} AS own_arr, k.account_id, k.is_customer, k.score, k.is_critical, k.arr
FROM (SELECT 1) one LEFT JOIN ({children}) k ON true ORDER BY k.account_id
"""


def cohort_of(*, account_id: int, definition: Definition, frame: Frame) -> int | None:
    """Return the position of the account's cohort in the definition; None is the whole book."""
    if not definition.cohorts:
        return None
    sql = _COHORT.format(cohort=first_of([audience_sql(one) for one in definition.cohorts]))
    parameters = {**frame.parameters(), "account": account_id}

    def read() -> int | None:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            [index] = cursor.fetchone()
        return index  # type: ignore[no-any-return]

    return once(f"account.{account_id}.cohort {sql} {sorted(parameters.items())}", read)


def norms_for(
    *, account_id: int, definition: Definition, frame: Frame, table_id: int | None
) -> Mapping[str, Norms]:
    """Return the frozen distributions an account is held against, by metric."""
    if table_id is None or not definition.cohort_metrics():
        return {}
    cohort = cohort_of(account_id=account_id, definition=definition, frame=frame)
    return norms_of(table_id, definition, cohort)


def group_of(*, account_id: int, definition: Definition, frame: Frame) -> Group | None:
    """Return the account's children as a run in this frame found them; None without any."""
    if definition.rollup is None or not _is_parent(account_id):
        return None
    sql = _GROUP.format(
        own=arr_sql("%(account)s"),
        children=children_sql("%(ids)s", official=frame.is_official),
    )
    parameters = {
        **frame.parameters(),
        "account": account_id,
        "ids": [account_id],
        "was_day": None if frame.is_official else day_before(frame),
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows = cursor.fetchall()
    children = tuple(_child(*row[1:]) for row in rows if row[1] is not None)
    return Group(rows[0][0], children) if children else None


def day_before(frame: Frame) -> dt.date | None:
    """Return the official day a computation folds forward from."""
    official = HealthRun.objects.filter(kind=RunKind.OFFICIAL, day__lt=frame.day)
    return official.order_by("-day").values_list("day", flat=True).first()


def read_kept(stored: Any) -> Kept:
    """Return the last values of measures that carry forward, as a daily row keeps them."""
    return {
        metric: (float(x), dt.date.fromisoformat(since))
        for metric, (x, since) in (stored or {}).items()
    }


def _is_parent(account_id: int) -> bool:
    children = Account.objects.filter(parent=account_id)
    return once(f"account.{account_id}.is_parent", children.exists)


def _child(
    account_id: int, is_customer: bool, score: float | None, is_critical: bool | None, arr: float
) -> Child:
    excluded = "" if score is not None else NO_SCORE if is_customer else NOT_A_CUSTOMER
    return Child(
        account_id=account_id,
        score=score,
        arr=arr,
        is_critical=bool(is_critical) and score is not None,
        excluded=excluded,
    )
