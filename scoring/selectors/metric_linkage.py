"""Which measure goes along with which result: churn, retention, NRR and upsell by tenths.

Readings are those of past month ends as known then; results those of the days after, as known
today. Associated with, never caused by.
"""

import datetime as dt
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from accounts.models import Account, Organisation
from accounts.selectors.losses import Loss, LossKind
from scoring.domain.freshness import read_metric
from scoring.domain.linkage import TENTHS, Ratio, ratio_of_sums, tenths
from scoring.domain.validation import LEAST_EVENTS
from scoring.selectors.backtest import CONTROLS, HORIZON_DAYS, MONTHS, is_drawn
from scoring.selectors.custom_metrics import all_metrics
from scoring.selectors.frames import ONE_DAY
from scoring.selectors.metric_pasts import NEVER, Pasts, pasts_of_metrics
from scoring.selectors.outcomes import losses_between, worth_on
from scoring.selectors.past_book import PastDay, Span, month_ends
from scoring.selectors.what_if import Progress, shards

SHARD = 1_000
#: From so much more on, a customer bought more.
UPSELL = 1.005
#: A metric with fewer readings says nothing by tenths.
LEAST_READINGS = 100


@dataclass(frozen=True)
class Result:
    """What became of an account within the days after a month end."""

    account: int
    churned: bool
    arr_before: float
    arr_after: float

    @property
    def grew(self) -> bool:
        """Say whether it pays more than it did."""
        return self.arr_after > self.arr_before * UPSELL


#: Numerator and denominator of each figure, and whether it is a share of accounts.
FIGURES: Mapping[str, tuple[Callable[[Result], tuple[float, float]], bool]] = {
    "churn": (lambda result: (float(result.churned), 1.0), True),
    "retention": (lambda result: (float(not result.churned), 1.0), True),
    "nrr": (lambda result: (result.arr_after, result.arr_before), False),
    "upsell": (lambda result: (float(result.grew), 1.0), True),
}


def link_metrics(
    *,
    at: dt.datetime,
    progress: Progress,
    months: int = MONTHS,
    horizon: int = HORIZON_DAYS,
) -> dict[str, Any]:
    """Return churn, retention, NRR and upsell by tenths of every metric, with 95 % intervals.

    Over at most some thousand accounts, drawn by their ids; `accounts` says how many. A measure is
    not read on days of which nobody can know what it said.
    """
    started = time.monotonic()
    today = Organisation.objects.day_of(at)
    known = all_metrics()
    slots = {key: n for n, key in enumerate(sorted(known), start=1)}
    pasts = pasts_of_metrics(known)
    span = month_ends(today=today, months=months, horizon=horizon, metrics=known.values())
    days = [PastDay(day, slots, known) for day in span.judged]
    results: list[Result] = []
    readings: dict[str, list[tuple[float, int]]] = {key: [] for key in slots}
    for drawn in _drawn(progress):
        for past in days:
            for values, result in _results(past, drawn, horizon, at):
                results.append(result)
                _note(past, pasts, values, len(results) - 1, readings)
    losses = {result.account for result in results if result.churned}
    return {
        "horizon_days": horizon,
        "dates": [day.isoformat() for day in span.judged],
        "left_out_dates": [day.isoformat() for day in span.left_out],
        "unknown_past": _unknown_past(pasts, span),
        "accounts": len({result.account for result in results}),
        "points": len(results),
        "lost_accounts": len(losses),
        "is_measurable": len(losses) >= LEAST_EVENTS,
        "overall": _figures(results),
        "metrics": [_metric(key, own, results) for key, own in readings.items() if _tells(own)],
        "seconds": round(time.monotonic() - started, 3),
    }


Values = tuple[Sequence[float | None], Sequence[dt.date | None]]


def _unknown_past(pasts: Pasts, span: Span) -> dict[str, str | None]:
    hidden = sorted(pasts.hidden_from(span.judged).items())
    return {key: None if day == NEVER else day.isoformat() for key, day in hidden}


def _drawn(progress: Progress) -> Iterator[list[int]]:
    """Yield who of the book is looked at, shard by shard, and tell how far that is."""
    book = Account.objects.filter(kind="customer", merged_into=None)
    total, done = book.count(), 0
    share = min(1.0, CONTROLS / total) if total else 1.0
    for ids in shards(book, SHARD):
        if drawn := [pk for pk in ids if is_drawn(pk, share)]:
            yield drawn
        done += len(ids)
        progress(done, max(done, total))


def _results(
    past: PastDay, ids: Sequence[int], horizon: int, at: dt.datetime
) -> list[tuple[Values, Result]]:
    """Return stored values and result of each of these who was a customer that day."""
    present = past.customers(ids, "true")
    if not present:
        return []
    until = past.day + horizon * ONE_DAY
    losses = losses_between(past.day + ONE_DAY, until, at=at, account_ids=present)
    before = worth_on(past.day, account_ids=present)
    after = worth_on(until, account_ids=present)
    with connection.cursor() as cursor:
        cursor.execute(past.values, past.parameters(present))
        rows = cursor.fetchall()
    found = []
    for account, values, seen in rows:
        churned = _churned(losses.get(account, ()))
        worth = 0.0 if churned else after.get(account, 0.0)
        result = Result(account, churned, before.get(account, 0.0), worth)
        found.append(((values, seen), result))
    return found


def _note(
    past: PastDay,
    pasts: Pasts,
    stored: Values,
    place: int,
    readings: Mapping[str, list[tuple[float, int]]],
) -> None:
    """Add what each metric said to its readings, beside the place of the result."""
    values, seen = stored
    for key, slot in past.slots.items():
        reading = read_metric(
            past.known[key].reckoning,
            values[slot - 1],
            seen[slot - 1],
            day=past.frame.day,
            business_days=past.frame.business_days,
        )
        if reading.x is not None and not pasts.hides(key, past.day):
            readings[key].append((reading.x, place))


def _churned(losses: Sequence[Loss]) -> bool:
    return any(loss.kind == LossKind.CHURN for loss in losses)


def _tells(readings: Sequence[tuple[float, int]]) -> bool:
    return len(readings) >= LEAST_READINGS and len({x for x, _ in readings}) > 1


def _metric(
    key: str, readings: Sequence[tuple[float, int]], results: Sequence[Result]
) -> dict[str, Any]:
    groups: list[list[tuple[float, int]]] = [[] for _ in range(TENTHS)]
    for reading, tenth in zip(readings, tenths([x for x, _ in readings]), strict=True):
        groups[tenth].append(reading)
    return {
        "metric": key,
        "readings": len(readings),
        "tenths": [
            {
                "tenth": tenth + 1,
                "from": min(x for x, _ in group),
                "to": max(x for x, _ in group),
                **_figures([results[index] for _, index in group]),
            }
            for tenth, group in enumerate(groups)
            if group
        ],
    }


def _figures(results: Sequence[Result]) -> dict[str, Any]:
    figures: dict[str, Any] = {
        "points": len(results),
        "accounts": len({result.account for result in results}),
    }
    for name, (parts, is_share) in FIGURES.items():
        found = ratio_of_sums(
            ((result.account, *parts(result)) for result in results), is_share=is_share
        )
        figures[name] = _shape(found)
    return figures


def _shape(ratio: Ratio | None) -> dict[str, float] | None:
    if ratio is None or ratio.high == float("inf"):
        return None
    return {"value": ratio.value, "low": ratio.low, "high": ratio.high}
