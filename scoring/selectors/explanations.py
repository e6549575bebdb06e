"""Open a score into its parts, today's or that of a past day, exactly as it was computed.

Only the values of one account are needed: today's stand in `MetricValue`, those of a past day are
computed again from facts as they were known then. The pure evaluator does the rest.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from config.lib.once import once
from config.lib.problems import Problem
from scoring.choices import Band, RunKind
from scoring.domain.bands import band_slug
from scoring.domain.carrying import kept_readings
from scoring.domain.cohorts import Norms
from scoring.domain.definition import Definition
from scoring.domain.evaluator import Evaluation, Override, evaluate
from scoring.domain.explanation import Difference, difference
from scoring.domain.freshness import Reading, read_metric
from scoring.domain.rollup import Group
from scoring.models import (
    HealthCurrent,
    HealthDaily,
    HealthOverride,
    MetricValue,
    ScorecardVersion,
)
from scoring.selectors.custom_metrics import all_metrics
from scoring.selectors.frames import Frame, official_frame, provisional_frame
from scoring.selectors.health_days import answering_for
from scoring.selectors.metric_sql import compile_metrics
from scoring.selectors.overrides import overrides_of
from scoring.selectors.scorecards import metric_slots, metrics_by_slot, read_definition
from scoring.selectors.surroundings import group_of, norms_for, read_kept

Pairs = Mapping[str, tuple[float | None, dt.date | None]]
#: The newest score, its version, its frame, and the stored values.
Current = tuple[HealthCurrent, ScorecardVersion, Frame, Pairs]


class NoScoreThatDay(Problem):
    """Nothing was computed for this account on the day that was asked for."""

    status = 404
    code = "no_score_that_day"
    title = _("There is no score of that day.")


@dataclass(frozen=True)
class Surroundings:
    """What a score depends on beside the account's own readings."""

    norms: Mapping[str, Norms]
    kept: Mapping[str, Reading]
    group: Group | None
    override: Override | None

    def judge(self, definition: Definition, readings: Mapping[str, Reading]) -> Evaluation:
        """Evaluate a definition in these surroundings."""
        return evaluate(
            definition,
            readings,
            override=self.override,
            norms=self.norms,
            kept=self.kept,
            group=self.group,
        )


@dataclass(frozen=True)
class Explanation:
    """A score with everything it is made of."""

    account_id: int
    day: dt.date
    frame: Frame
    table_id: int | None
    score: float | None
    band: str
    coverage: float
    confidence: float
    evaluation: Evaluation
    readings: Mapping[str, Reading]
    definition: Definition
    version: ScorecardVersion
    override: HealthOverride | None
    surroundings: Surroundings
    is_restated: bool = False

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
    read = rows.select_related("version__scorecard", "account", "run").first
    return once(f"health.{account_id}", read)


def explain_current(*, account_id: int) -> Explanation | None:
    """Explain the newest score, once a request; None where nothing was computed yet."""
    return once(f"health.explained.{account_id}", lambda: _explain_current(account_id))


def _explain_current(account_id: int) -> Explanation | None:
    found = current_pairs(account_id=account_id)
    if found is None:
        return None
    row, version, frame, pairs = found
    return _explain(row, row.band, row.account, frame, version, pairs)


def current_pairs(*, account_id: int) -> Current | None:
    """Return the newest score with its version, its frame and the values it was made of."""
    return once(f"health.current.{account_id}", lambda: _current(account_id))


def _current(account_id: int) -> Current | None:
    row = newest_health(account_id=account_id)
    if row is None or row.day is None or row.computed_at is None or row.version is None:
        return None
    official = row.kind == RunKind.OFFICIAL
    frame = official_frame(row.day) if official else provisional_frame(row.computed_at)
    stored = MetricValue.objects.get(account_id=account_id)
    return row, row.version, frame, pairs_of(_slots(), stored.v, stored.seen)


def explain_day(*, account_id: int, day: dt.date) -> Explanation:
    """Explain the score of a past day, from facts as they were known then.

    Of a day that was thinned out, the last one before it that is kept answers, by its own date.

    :raises NoScoreThatDay: when none was computed.
    """
    row = (
        HealthDaily.objects.filter(answering_for(day), account_id=account_id)
        .select_related("version__scorecard", "account", "run")
        .order_by("-day")
        .first()
    )
    if row is None:
        raise NoScoreThatDay
    official = row.kind == RunKind.OFFICIAL
    frame = official_frame(row.day) if official else provisional_frame(row.run.t)
    pairs = compute_values(account_id=account_id, frame=frame)
    return _explain(row, band_slug(row.band), row.account, frame, row.version, pairs)


def restate(*, explanation: Explanation, at: dt.datetime) -> Explanation:
    """Explain the same day from what is known of it at `at`; the official score stays as it is.

    Version, frozen cohort table, override and what was carried forward stay those of the day, so
    that the difference is what was learned since.
    """
    frame = replace(explanation.frame, k=max(at, explanation.frame.k))
    readings = read_all(compute_values(account_id=explanation.account_id, frame=frame), frame)
    surroundings = replace(
        explanation.surroundings,
        group=group_of(
            account_id=explanation.account_id, definition=explanation.definition, frame=frame
        ),
    )
    evaluation = surroundings.judge(explanation.definition, readings)
    score, forced = evaluation.score, explanation.override and explanation.override.band
    band = band_slug(None if score is None else explanation.definition.bands.plain(score))
    return replace(
        explanation,
        frame=frame,
        score=score,
        band=forced if forced and score is not None else band,
        coverage=evaluation.coverage,
        confidence=explanation.confidence / explanation.coverage * evaluation.coverage
        if explanation.coverage
        else 0.0,
        evaluation=evaluation,
        readings=readings,
        surroundings=surroundings,
        is_restated=True,
    )


def explain_change(*, before: Explanation, after: Explanation) -> Change:
    """Split the change between two days of an account; exact also across scorecards.

    Where the scorecard changed, customers' behaviour is told in terms of the older one, and what
    the newer one makes of the later day is named by itself.
    """
    under_old = after.evaluation
    if before.version.pk != after.version.pk:
        under_old = _surroundings(
            before.definition,
            account_id=after.account_id,
            frame=after.frame,
            table_id=after.table_id,
            override=after.override,
        ).judge(before.definition, after.readings)
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
    table_id = row.run.cohort_id if row.run else None
    surroundings = _surroundings(
        definition, account_id=account.pk, frame=frame, table_id=table_id, override=override
    )
    return Explanation(
        account_id=account.pk,
        day=frame.day,
        frame=frame,
        table_id=table_id,
        score=row.score,
        band=band,
        coverage=row.coverage,
        confidence=100 * row.coverage * min(1.0, tenure / 90),
        evaluation=surroundings.judge(definition, readings),
        readings=readings,
        definition=definition,
        version=version,
        override=override,
        surroundings=surroundings,
    )


def _surroundings(
    definition: Definition,
    *,
    account_id: int,
    frame: Frame,
    table_id: int | None,
    override: HealthOverride | None,
) -> Surroundings:
    kept: Mapping[str, Reading] = {}
    if definition.carried:
        row = HealthDaily.objects.filter(account_id=account_id, day=frame.day).first()
        kept = kept_readings(read_kept(row.kept if row else None), day=frame.day)
    return Surroundings(
        norms=norms_for(
            account_id=account_id, definition=definition, frame=frame, table_id=table_id
        ),
        kept=kept,
        group=group_of(account_id=account_id, definition=definition, frame=frame),
        override=_bounds(override),
    )


def _slots() -> dict[str, int]:
    return once("metric.slots", metric_slots)


def pairs_of(slots: Mapping[str, int], values: list[Any], seen: list[Any]) -> Pairs:
    """Name the places of a stored row: {key: (value, seen)}."""
    return {
        key: (values[slot - 1], seen[slot - 1])
        for key, slot in slots.items()
        if slot <= len(values)
    }


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
