"""From which day on the past of a measure can be known, where that is not from ever.

A measure of one's own within a segment has no past before the segment had members; one whose
events are counted apart has none before the oldest raw event there was when counting began. What
is told by its cohort alone has none before the first frozen table that holds it.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import F, Min
from django.db.models.functions import Greatest

from accounts.models import Organisation, SegmentMembership
from scoring.domain.definition import Definition
from scoring.models import CohortQuantiles, CustomMetric
from scoring.registry import Metric
from scoring.selectors.cohorts import BOOK
from scoring.selectors.custom_metrics import FAR_BACK
from scoring.selectors.past_book import USAGE_SOURCES

#: No table, no member: there is no past at all.
NEVER = dt.date.max


@dataclass(frozen=True)
class Pasts:
    """The first day that can be told of each measure whose past has a beginning."""

    since: Mapping[str, dt.date]

    def hides(self, key: str, day: dt.date) -> bool:
        """Say whether nobody can know what the measure said on a day."""
        return day < self.since.get(key, dt.date.min)

    def hiding(self, days: Collection[dt.date]) -> dict[str, dt.date]:
        """Return the measures whose past begins after the last of these days."""
        last = max(days, default=dt.date.max)
        return {key: since for key, since in self.since.items() if since > last}

    def hidden_from(self, days: Collection[dt.date]) -> dict[str, dt.date]:
        """Return the measures whose past begins after the first of these days."""
        first = min(days, default=dt.date.max)
        return {key: since for key, since in self.since.items() if since > first}


def pasts_of(definition: Definition, known: Mapping[str, Metric]) -> Pasts:
    """Return where the pasts of a definition's measures begin; a constant number of queries."""
    since = dict(_own(definition.metrics(), known))
    for key, day in _tables(definition.told_by_cohort()).items():
        since[key] = max(day, since.get(key, dt.date.min))
    return Pasts(since)


def pasts_of_metrics(known: Mapping[str, Metric]) -> Pasts:
    """Return where the pasts of metrics begin, whatever is made of them."""
    return Pasts(dict(_own(known, known)))


def _own(keys: Iterable[str], known: Mapping[str, Metric]) -> Iterable[tuple[str, dt.date]]:
    rows = CustomMetric.objects.in_use().filter(key__in=list(keys)).select_related("series")
    narrowed = list(rows.exclude(segment=None, series=None))
    if not narrowed:
        return
    members = _first_members([row.segment_id for row in narrowed if row.segment_id])
    kept = Organisation.objects.values_list("event_retention_days", flat=True).first() or 0
    for row in narrowed:
        days = []
        if row.segment_id:
            days.append(members.get(row.segment_id, NEVER))
        if row.series is not None:
            begun = Organisation.objects.day_of(row.series.created_at)
            days.append(begun + dt.timedelta(days=_window(known.get(row.key)) - kept))
        yield row.key, max(days)


def _first_members(segments: Collection[int]) -> dict[int, dt.date]:
    first = (
        SegmentMembership.objects.filter(segment__in=segments)
        .values("segment")
        .annotate(at=Min("entered_at"))
        .values_list("segment", "at")
    )
    return {segment: Organisation.objects.day_of(at) for segment, at in first}


def _window(metric: Metric | None) -> int:
    """Return how many days of events a metric looks back."""
    parts = metric.parts.values() if metric else ()
    counted = [part for part in parts if part.source in USAGE_SOURCES]
    return max((part.window or FAR_BACK for part in counted), default=0)


def _tables(keys: Collection[str]) -> dict[str, dt.date]:
    """Return the first day whose official score could read each of these metrics in a table."""
    if not keys:
        return {}
    first = (
        CohortQuantiles.objects.filter(audience=BOOK, metric__in=list(keys))
        .values("metric")
        .annotate(at=Min(Greatest(F("table__t"), F("table__known_at"))))
        .values_list("metric", "at")
    )
    found = {metric: Organisation.objects.day_of(at) for metric, at in first}
    return {key: found.get(key, NEVER) for key in keys}
