"""What a custom metric would say before it is saved: of one account and of the whole book."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import quantiles
from typing import Any

from django.db import connection
from django.db.models import CharField, Value
from django.db.models.functions import MD5, Cast, Concat

from accounts.choices import RecordKind, Scope
from accounts.models import Account
from accounts.querysets import reach_of
from config.lib.histograms import Bar, histogram
from scoring.domain.freshness import Reading, read_metric
from scoring.domain.metric_spec import MetricSpec
from scoring.registry import Metric
from scoring.selectors.custom_metrics import Series, build_metric, series_of
from scoring.selectors.frames import Frame, provisional_frame
from scoring.selectors.metric_checks import Meaning, Property, find_series, needs_series
from scoring.selectors.metric_sql import compile_metrics

#: Of a larger book so many accounts, chosen by chance but always the same, stand for all.
SAMPLE = 2000


@dataclass(frozen=True)
class Preview:
    """Readings over the book, the one of an account, and how many values can't be read.

    :param of_all: how many accounts the book has; `n` of them were looked at.
    """

    bars: list[Bar]
    n: int
    of_all: int
    missing: int
    low: float | None
    middle: float | None
    high: float | None
    account: Account | None
    reading: Reading | None
    told: Property | None

    @property
    def known(self) -> int:
        """Return of how many accounts it says something."""
        return self.n - self.missing

    @property
    def is_sample(self) -> bool:
        """Say whether only some accounts were looked at."""
        return self.n < self.of_all


def preview_metric(
    spec: MetricSpec, meaning: Meaning, *, user: Any, at: dt.datetime, account: Account | None
) -> Preview:
    """Compute the spec for the accounts the user sees, as of now; a constant number of queries.

    :param account: one whose reading is shown by itself.
    """
    metric, extra = _compiled(spec, meaning)
    book = _book(user)
    ids = list(
        book.order_by(MD5(Concat(Cast("pk", CharField()), Value("metric"))), "pk").values_list(
            "pk", flat=True
        )[:SAMPLE]
    )
    asked = sorted({*ids, account.pk}) if account else ids
    readings = dict(_readings(metric, asked, provisional_frame(at), extra))
    values = sorted(x for pk in ids if (x := readings[pk].x) is not None)
    low, middle, high = _quartiles(values)
    return Preview(
        bars=histogram(values),
        n=len(ids),
        of_all=len(ids) if len(ids) < SAMPLE else book.count(),
        missing=len(ids) - len(values),
        low=low,
        middle=middle,
        high=high,
        account=account,
        reading=readings[account.pk] if account else None,
        told=meaning.told,
    )


def _book(user: Any) -> Any:
    """Return the customers whose health the user sees."""
    if reach_of(user).scope(RecordKind.HEALTH) == Scope.NONE:
        return Account.objects.none()
    return Account.objects.visible_to(user).active().showing(user, RecordKind.HEALTH)


def _compiled(spec: MetricSpec, meaning: Meaning) -> tuple[Metric, dict[str, Any]]:
    """Return the metric and the parameters of its statement; what nobody counts yet reads raw."""
    event = meaning.event
    extra: dict[str, Any] = {}
    series = series_of(spec, event_id=event.pk if event else None, series_id=None)
    if needs_series(spec, event):
        stored = find_series(spec, event)
        if stored is not None:
            series = series_of(spec, event_id=None, series_id=stored.pk)
        else:
            series = Series("events", "", "")
            extra = {
                "raw_event": event.pk if event else None,
                "raw_filter": json.dumps(dict(spec.filter)),
                "raw_property": spec.value_of or spec.sum_of,
                "raw_codes": json.dumps(dict(spec.codes)),
            }
    metric = build_metric(
        spec,
        series=series,
        over_event_id=meaning.over_event.pk if meaning.over_event else None,
        segment_id=meaning.segment.pk if meaning.segment else None,
    )
    return metric, extra


def _readings(
    metric: Metric, ids: list[int], frame: Frame, extra: dict[str, Any]
) -> Iterator[tuple[int, Reading]]:
    with connection.cursor() as cursor:
        cursor.execute(
            compile_metrics({1: metric}, frame), {**frame.parameters(), **extra, "ids": ids}
        )
        rows = cursor.fetchall()
    for pk, values, seen in rows:
        yield (
            pk,
            read_metric(
                metric.reckoning,
                values[0],
                seen[0],
                day=frame.day,
                business_days=frame.business_days,
            ),
        )


def _quartiles(values: list[float]) -> tuple[float | None, float | None, float | None]:
    if len(values) < 2:
        only = values[0] if values else None
        return only, only, only
    low, middle, high = quantiles(values, n=4, method="inclusive")
    return low, middle, high
