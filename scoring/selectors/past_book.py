"""The book on past days, as it was known then: who was a customer, of which scorecard, when due.

Days are the last of months, closed by their official slot (t = k = the midnight after).
"""

# ruff: noqa: S608 -- SQL is composed of our own text; values are parameters.

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection

from accounts.models import Account, Organisation
from accounts.selectors.dated import holds
from scoring.registry import Metric
from scoring.selectors.cohorts import CohortRows, cohort_rows, valid_table
from scoring.selectors.frames import ONE_DAY, Frame, official_frame
from scoring.selectors.metric_sql import compile_metrics
from scoring.selectors.sources.fragments import contracts, in_use, lasts

#: Roll-ups outlive the promise of replay by this; a metric that looks back less gains the rest.
KEPT_BEYOND = 200
USAGE_SOURCES = ("users", "usage", "sums", "series", "newest", "values")


@dataclass(frozen=True)
class Span:
    """Month ends that can be judged, those too near to today for that, and those too far back."""

    judged: list[dt.date]
    watched: list[dt.date]
    left_out: list[dt.date]


def month_ends(
    *,
    today: dt.date,
    months: int,
    horizon: int,
    metrics: Iterable[Metric],
    since: Iterable[dt.date] = (),
) -> Span:
    """Return the last `months` month ends whose `horizon` days have passed, oldest first.

    Those before which roll-ups are gone are left out: silence there would be ours.

    :param metrics: what is read; how far back decides what is left out.
    :param since: days before which the past of some measure can't be known.
    """
    last = today - ONE_DAY
    ends: list[dt.date] = []
    day = last.replace(day=1) - ONE_DAY if (last + ONE_DAY).day != 1 else last
    while len([end for end in ends if _passed(end, last, horizon)]) < months:
        ends.append(day)
        day = day.replace(day=1) - ONE_DAY
    ends.reverse()
    judged = [end for end in ends if _passed(end, last, horizon)]
    oldest = today - (_replay_days() + KEPT_BEYOND - longest_window(metrics)) * ONE_DAY
    oldest = max([oldest, *since])
    return Span(
        judged=[end for end in judged if end >= oldest],
        watched=[end for end in ends if end not in judged],
        left_out=[end for end in judged if end < oldest],
    )


def longest_window(metrics: Iterable[Metric]) -> int:
    """Return how many days back the metrics look into roll-ups."""
    aggregates = [part for metric in metrics for part in metric.parts.values()]
    spans = [(a.window or 0) + a.before for a in aggregates if a.source in USAGE_SOURCES]
    return min(KEPT_BEYOND, max(spans, default=0))


def _passed(day: dt.date, last: dt.date, horizon: int) -> bool:
    return day + horizon * ONE_DAY <= last


def _replay_days() -> int:
    return Organisation.objects.values_list("replay_days", flat=True).first() or 400


@dataclass(frozen=True)
class PastDay:
    """A day to judge: its frame, and the SQL of who was there and what their metrics said.

    :param slots: array positions of the metrics that are read, and of no others.
    :param known: those metrics by key.
    :param told_by_cohort: which of them are held against frozen cohort tables.
    """

    day: dt.date
    slots: Mapping[str, int]
    known: Mapping[str, Metric]
    told_by_cohort: Sequence[str] = ()

    @cached_property
    def frame(self) -> Frame:
        """Return the frame that closes the day."""
        return official_frame(self.day)

    @cached_property
    def values(self) -> str:
        """Return the SELECT of metric values as known that day."""
        return compile_metrics(
            {slot: self.known[key] for key, slot in self.slots.items()}, self.frame
        )

    @cached_property
    def cohorts(self) -> CohortRows:
        """Return the rows of the cohort table that was valid and known that night."""
        if not self.told_by_cohort:
            return cohort_rows(None, metrics=())
        table = valid_table(self.frame)
        return cohort_rows(table.pk if table else None, metrics=self.told_by_cohort)

    def parameters(self, account_ids: Sequence[int]) -> dict[str, Any]:
        """Return the parameters of every statement about the day."""
        return {**self.frame.parameters(), "ids": list(account_ids), "was_day": None}

    def customers(self, account_ids: Sequence[int], where: str) -> list[int]:
        """Return who of these was a customer for whom `where` held, over `a` as known then."""
        statement = f"SELECT a.id FROM ({_record_then()}) a WHERE {_IS_CUSTOMER} AND ({where})"
        with connection.cursor() as cursor:
            cursor.execute(statement, self.parameters(account_ids))
            return [pk for (pk,) in cursor.fetchall()]


_IS_CUSTOMER = (
    "a.kind = 'customer' AND a.merged_into_id IS NULL"
    " AND (a.archived_at IS NULL OR a.archived_at > %(t)s)"
    " AND a.status NOT IN ('prospect', 'churned')"
    " AND (a.customer_since_on IS NULL OR a.customer_since_on <= %(day)s)"
    " AND (a.churned_on IS NULL OR a.churned_on > %(day)s)"
)


def _then(fact: str) -> str:
    return (
        f"(SELECT max(f.{fact}) FROM accounts_account{fact}fact f"
        f" WHERE f.account_id = o.id AND {holds('f')})"
    )


def _attribute_then(key: str) -> str:
    return (
        "(SELECT max(f.value #>> '{}') FROM accounts_attributevalue f"
        f" WHERE f.account_id = o.id AND f.key = '{key}' AND {holds('f')})"
    )


def _record_then() -> str:
    """Return the accounts with status, phase, tier and touch model as they held and were known.

    An account that was churned then and has come back is told by its facts alone.
    """
    dated = {
        "status": f"coalesce({_then('status')},"
        " CASE WHEN o.status = 'churned' THEN 'active' ELSE o.status END)",
        "phase": f"coalesce({_then('phase')}, o.phase)",
        "tier": f"coalesce({_attribute_then('tier')}, o.tier)",
        "touch_model": f"coalesce({_attribute_then('touch_model')}, o.touch_model)",
    }
    columns = [
        f"{dated[f.column]} AS {f.column}" if f.column in dated else f"o.{f.column}"
        for f in Account._meta.concrete_fields
    ]
    return f"SELECT {', '.join(columns)} FROM accounts_account o WHERE o.id = ANY(%(ids)s) OFFSET 0"


#: Days from the day to the end of the first contract that was known and runs or renews beyond it.
RENEWAL = f"""
SELECT c.account_id,
  min(accounts_decide_on(c.ends_on, 0, c.auto_renews, %(day)s)) - %(day)s::date AS days
FROM {contracts()} c
WHERE c.starts_on <= %(day)s AND {in_use("c")} AND c.ends_on IS NOT NULL
  AND {lasts("c", "%(day)s")}
  AND EXISTS (SELECT FROM accounts_contractterm t
    WHERE t.contract_id = c.id AND t.recorded_at <= %(k)s)
GROUP BY c.account_id
"""
