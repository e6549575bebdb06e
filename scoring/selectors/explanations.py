"""Open a score into its parts, today's or that of a past day, exactly as it was computed.

Only the values of one account are needed: today's stand in `MetricValue`, those of a past day are
computed again from facts as they were known then. The pure evaluator does the rest.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from config.lib.once import once
from config.lib.problems import Problem
from scoring.choices import Band, RunKind
from scoring.domain.bands import band_slug
from scoring.domain.definition import Definition
from scoring.domain.evaluator import Evaluation, Override, evaluate
from scoring.domain.explanation import Difference, difference
from scoring.domain.freshness import Reading, read_metric
from scoring.models import (
    HealthCurrent,
    HealthDaily,
    HealthOverride,
    MetricValue,
    ScorecardVersion,
)
from scoring.selectors.custom_metrics import all_metrics
from scoring.selectors.frames import Frame, official_frame, provisional_frame
from scoring.selectors.metric_sql import compile_metrics
from scoring.selectors.overrides import overrides_of
from scoring.selectors.scorecards import metric_slots, metrics_by_slot, read_definition

Pairs = Mapping[str, tuple[float | None, dt.date | None]]


class NoScoreThatDay(Problem):
    """Nothing was computed for this account on the day that was asked for."""

    status = 404
    code = "no_score_that_day"
    title = _("There is no score of that day.")


@dataclass(frozen=True)
class Explanation:
    """A score with everything it is made of."""

    day: dt.date
    frame: Frame
    score: float | None
    band: str
    coverage: float
    confidence: float
    evaluation: Evaluation
    readings: Mapping[str, Reading]
    definition: Definition
    version: ScorecardVersion
    override: HealthOverride | None

    @property
    def status(self) -> str:
        """Return `not_enough_data` where there is no number, else `ok`."""
        return Band.NOT_ENOUGH_DATA if self.score is None else "ok"


@dataclass(frozen=True)
class Change:
    """The way from one score to another; `scorecard` is what another scorecard alone changed."""

    before: Explanation
    after: Explanation
    difference: Difference
    scorecard: float


def newest_health(*, account_id: int) -> HealthCurrent | None:
    """Return the newest health of an account with its scorecard, in one query a request."""
    rows = HealthCurrent.objects.filter(account_id=account_id, day__isnull=False)
    read = rows.select_related("version__scorecard", "account").first
    return once(f"health.{account_id}", read)


def explain_current(*, account_id: int) -> Explanation | None:
    """Explain the newest score; None where nothing was computed yet."""
    row = newest_health(account_id=account_id)
    if row is None or row.day is None or row.computed_at is None or row.version is None:
        return None
    official = row.kind == RunKind.OFFICIAL
    frame = official_frame(row.day) if official else provisional_frame(row.computed_at)
    stored = MetricValue.objects.get(account_id=account_id)
    pairs = pairs_of(_slots(), stored.v, stored.seen)
    return _explain(row, row.band, row.account, frame, row.version, pairs)


def explain_day(*, account_id: int, day: dt.date) -> Explanation:
    """Explain the score of a past day, from facts as they were known then.

    :raises NoScoreThatDay: when none was computed.
    """
    row = (
        HealthDaily.objects.filter(account_id=account_id, day=day)
        .select_related("version__scorecard", "account", "run")
        .first()
    )
    if row is None:
        raise NoScoreThatDay
    official = row.kind == RunKind.OFFICIAL
    frame = official_frame(day) if official else provisional_frame(row.run.t)
    pairs = compute_values(account_id=account_id, frame=frame)
    return _explain(row, band_slug(row.band), row.account, frame, row.version, pairs)


def explain_change(*, before: Explanation, after: Explanation) -> Change:
    """Split the change between two days of an account; exact also across scorecards.

    Where the scorecard changed, customers' behaviour is told in terms of the older one, and what
    the newer one makes of the later day is named by itself.
    """
    under_old = after.evaluation
    if before.version.pk != after.version.pk:
        under_old = evaluate(before.definition, after.readings, override=_bounds(after.override))
    old = under_old.score if under_old.score is not None else under_old.explained
    new = after.score if after.score is not None else after.evaluation.explained
    return Change(
        before=before,
        after=after,
        difference=difference(before.evaluation, under_old),
        scorecard=new - old,
    )


def compute_values(*, account_id: int, frame: Frame) -> Pairs:
    """Compute the metric values of one account in a frame: {key: (value, seen)}."""
    slots = _slots()
    sql = compile_metrics(metrics_by_slot(slots), frame)
    with connection.cursor() as cursor:
        cursor.execute(sql, {**frame.parameters(), "ids": [account_id]})
        _, values, seen = cursor.fetchone()
    return pairs_of(slots, values, seen)


def read_all(pairs: Pairs, frame: Frame) -> dict[str, Reading]:
    """Turn stored pairs into the readings of a frame's day."""
    known = all_metrics()
    return {
        key: read_metric(
            known[key].reckoning,
            value,
            seen,
            day=frame.day,
            business_days=frame.business_days,
        )
        for key, (value, seen) in pairs.items()
        if key in known
    }


def _explain(
    row: Any, band: str, account: Any, frame: Frame, version: ScorecardVersion, pairs: Pairs
) -> Explanation:
    definition = read_definition(version)
    readings = read_all(pairs, frame)
    override = _override_at(account.pk, frame)
    since = account.customer_since_on
    tenure = max(0, (frame.day - since).days) if since else 0
    return Explanation(
        day=frame.day,
        frame=frame,
        score=row.score,
        band=band,
        coverage=row.coverage,
        confidence=100 * row.coverage * min(1.0, tenure / 90),
        evaluation=evaluate(definition, readings, override=_bounds(override)),
        readings=readings,
        definition=definition,
        version=version,
        override=override,
    )


def pairs_of(slots: Mapping[str, int], values: list[Any], seen: list[Any]) -> Pairs:
    """Name the places of a stored row: {key: (value, seen)}."""
    return {
        key: (values[slot - 1], seen[slot - 1])
        for key, slot in slots.items()
        if slot <= len(values)
    }


def _slots() -> dict[str, int]:
    return once("metric.slots", metric_slots)


def _override_at(account_id: int, frame: Frame) -> HealthOverride | None:
    for row in overrides_of(account_id):
        known = row.recorded_at <= frame.k and not (
            row.retracted_at and row.retracted_at <= frame.k
        )
        if known and row.starts_at <= frame.t < row.expires_at:
            return row
    return None


def _bounds(override: HealthOverride | None) -> Override | None:
    if override is None or override.value is None:
        return None
    low = override.value if override.kind in ("value", "floor") else None
    high = override.value if override.kind in ("value", "ceiling") else None
    return Override(low, high)
