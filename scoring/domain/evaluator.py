"""Score one account exactly, and keep every part: the Python reference of the compiled SQL.

B = Σ ω u with ω = W ŵ f / C (a thin dimension shrinks smoothly), then points, the bounds of the
scale, gates and an override. Reference + contributions + points + corrections = score.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scoring.domain.definition import Definition, Dimension, Gate, Measure
from scoring.domain.freshness import MISSING, Reading, freshness

MINIMUM_COVERAGE = 0.5


@dataclass(frozen=True)
class Part:
    """A measure's share in the score: reading, utility u, freshness f, weight ω, contribution."""

    metric: str
    dimension: str
    reading: Reading
    utility: float | None
    freshness: float
    share: float
    weight: float
    contribution: float
    imputed: bool


@dataclass(frozen=True)
class PointPart:
    """What one rule gives today."""

    metric: str
    points: float


@dataclass(frozen=True)
class GatePart:
    """A gate whose condition holds, and whether it changed the number."""

    gate: Gate
    binding: bool


@dataclass(frozen=True)
class DimensionPart:
    """A dimension's own score (None without data), its coverage and weight in the base."""

    key: str
    utility: float | None
    coverage: float
    weight: float


@dataclass(frozen=True)
class Override:
    """A person's bounds of the number."""

    low: float | None = None
    high: float | None = None

    def apply(self, score: float) -> float:
        """Return the score within the bounds."""
        if self.low is not None:
            score = max(score, self.low)
        return score if self.high is None else min(score, self.high)


@dataclass(frozen=True)
class Corrections:
    """What bounds, gates, roll-up and override add to the sum of the parts."""

    clip: float = 0.0
    gates: float = 0.0
    rollup: float = 0.0
    override: float = 0.0

    @property
    def total(self) -> float:
        """Return their sum."""
        return self.clip + self.gates + self.rollup + self.override


@dataclass(frozen=True)
class Evaluation:
    """Everything about one score. `score` and `computed` are None without enough data."""

    reference: float
    coverage: float
    observed: float
    parts: tuple[Part, ...]
    dimensions: tuple[DimensionPart, ...]
    points: tuple[PointPart, ...]
    gates: tuple[GatePart, ...]
    corrections: Corrections
    gated: bool
    computed: float | None
    score: float | None

    @property
    def explained(self) -> float:
        """Return reference + contributions + points + corrections: the score, by its parts."""
        return (
            self.reference
            + sum(part.contribution for part in self.parts)
            + sum(point.points for point in self.points)
            + self.corrections.total
        )


def evaluate(
    definition: Definition,
    readings: Mapping[str, Reading],
    *,
    override: Override | None = None,
) -> Evaluation:
    """Score an account from what its metrics say; a metric without a reading is missing."""
    parts = _weigh(definition, readings)
    coverage = sum(part.share for part in parts)
    observed = sum(part.share for part in parts if not part.imputed)
    dimensions = _dimensions(definition, parts)
    base = definition.reference + sum(part.contribution for part in parts)
    points = tuple(
        PointPart(rule.metric, _decayed(rule.points, rule.half_life_days, readings, rule.metric))
        for rule in definition.rules
    )
    clipped = _clip_groups(definition, points)
    bounded = min(100.0, max(0.0, base + clipped))
    gates, computed = _gate(definition, readings, bounded)
    score = (override or Override()).apply(computed)
    enough = (
        coverage >= MINIMUM_COVERAGE
        and observed >= MINIMUM_COVERAGE
        and _has_mandatory(definition, parts)
    )
    clip = (clipped - sum(point.points for point in points)) + (bounded - base - clipped)
    return Evaluation(
        reference=definition.reference,
        coverage=coverage,
        observed=observed,
        parts=parts,
        dimensions=dimensions,
        points=points,
        gates=gates,
        corrections=Corrections(clip=clip, gates=computed - bounded, override=score - computed),
        gated=computed < bounded,
        computed=computed if enough else None,
        score=score if enough else None,
    )


def _weigh(definition: Definition, readings: Mapping[str, Reading]) -> tuple[Part, ...]:
    raw = []
    for dimension, measure, weight in definition.measures:
        reading = readings.get(measure.metric, MISSING)
        utility, fresh, imputed = _judge(definition, dimension, measure, reading)
        raw.append((dimension, measure, reading, utility, fresh, weight * fresh, imputed))
    coverage = sum(share for *_, share, _ in raw)
    return tuple(
        Part(
            metric=measure.metric,
            dimension=dimension.key,
            reading=reading,
            utility=utility,
            freshness=fresh,
            share=share,
            weight=share / coverage if coverage else 0.0,
            contribution=(
                share / coverage * (utility - definition.reference)
                if coverage and utility is not None
                else 0.0
            ),
            imputed=imputed,
        )
        for dimension, measure, reading, utility, fresh, share, imputed in raw
    )


def _judge(
    definition: Definition, dimension: Dimension, measure: Measure, reading: Reading
) -> tuple[float | None, float, bool]:
    """Return utility, freshness and whether they stand in for something missing."""
    if reading.x is not None:
        fresh = freshness(
            reading.age, fresh_days=dimension.fresh_days, gone_days=dimension.gone_days
        )
        return measure.curve.utility(reading.x), fresh, False
    if measure.missing == "neutral":
        return definition.reference, 1.0, True
    if measure.missing == "penalty":
        return measure.penalty, 1.0, True
    return None, 0.0, False


def _dimensions(definition: Definition, parts: Sequence[Part]) -> tuple[DimensionPart, ...]:
    total = sum(dimension.weight for dimension in definition.dimensions)
    result = []
    for dimension in definition.dimensions:
        own = [part for part in parts if part.dimension == dimension.key]
        share = sum(part.share for part in own)
        utility = (
            sum(part.share * part.utility for part in own if part.utility is not None) / share
            if share
            else None
        )
        result.append(
            DimensionPart(
                key=dimension.key,
                utility=utility,
                coverage=share / (dimension.weight / total),
                weight=sum(part.weight for part in own),
            )
        )
    return tuple(result)


def _decayed(
    points: float, half_life: float, readings: Mapping[str, Reading], metric: str
) -> float:
    reading = readings.get(metric, MISSING)
    return 0.0 if reading.x is None else points * reading.x * 2.0 ** (-reading.age / half_life)


def _clip_groups(definition: Definition, points: Sequence[PointPart]) -> float:
    total, start = 0.0, 0
    for group in definition.point_groups:
        own = sum(point.points for point in points[start : start + len(group.rules)])
        total += min(group.high, max(group.low, own))
        start += len(group.rules)
    return total


def _gate(
    definition: Definition, readings: Mapping[str, Reading], bounded: float
) -> tuple[tuple[GatePart, ...], float]:
    """Return the gates whose condition holds, and the score behind them; caps win."""
    acting = [
        gate
        for gate in definition.gates
        if any(c.holds(readings.get(c.metric, MISSING).x) for c in gate.conditions)
    ]
    lifted = max([bounded, *(gate.floor for gate in acting if gate.floor is not None)])
    computed = min([lifted, *(gate.cap for gate in acting if gate.cap is not None)])
    return tuple(
        GatePart(
            gate,
            binding=(gate.cap is not None and gate.cap == computed < lifted)
            or (gate.floor is not None and gate.floor == computed > bounded),
        )
        for gate in acting
    ), computed


def _has_mandatory(definition: Definition, parts: Sequence[Part]) -> bool:
    return all(
        any(p.share > 0 and not p.imputed for p in parts if p.dimension == dimension.key)
        for dimension in definition.dimensions
        if dimension.mandatory
    )
