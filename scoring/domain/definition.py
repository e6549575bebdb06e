"""What a scorecard says, as frozen values: dimensions, measures, points, gates, bands."""

from dataclasses import dataclass, field
from typing import Literal

from scoring.domain.bands import Bands
from scoring.domain.curves import Curve

SCHEMA_VERSION = 1
Policy = Literal["exclude", "neutral", "penalty"]


@dataclass(frozen=True)
class Measure:
    """A metric with its weight in the dimension and its curve.

    `missing` says what stands in for a missing value: nothing, the reference, or `penalty`.
    """

    metric: str
    weight: float
    curve: Curve
    missing: Policy = "exclude"
    penalty: float = 0.0


@dataclass(frozen=True)
class Dimension:
    """A side of health; without a mandatory one there is no score."""

    key: str
    weight: float
    measures: tuple[Measure, ...]
    label_en: str
    label_ja: str
    fresh_days: float | None = None
    gone_days: float | None = None
    mandatory: bool = False


@dataclass(frozen=True)
class PointRule:
    """Points for something that happened, halved every `half_life_days`."""

    metric: str
    points: float
    half_life_days: float


@dataclass(frozen=True)
class PointGroup:
    """Rules whose sum is clipped together."""

    key: str
    low: float
    high: float
    rules: tuple[PointRule, ...]


@dataclass(frozen=True)
class Condition:
    """A metric above or below a number; a missing value fulfils nothing."""

    metric: str
    above: float | None = None
    below: float | None = None

    def holds(self, x: float | None) -> bool:
        """Say whether the reading fulfils the condition."""
        if x is None:
            return False
        return (self.above is None or x > self.above) and (self.below is None or x < self.below)


@dataclass(frozen=True)
class Gate:
    """While any condition holds, the score is at most `cap`, or at least `floor`."""

    key: str
    conditions: tuple[Condition, ...]
    text_en: str
    text_ja: str
    cap: float | None = None
    floor: float | None = None


@dataclass(frozen=True)
class Definition:
    """A whole scorecard. Weights are relative; the evaluator makes each level sum to 1."""

    dimensions: tuple[Dimension, ...]
    point_groups: tuple[PointGroup, ...] = ()
    gates: tuple[Gate, ...] = ()
    bands: Bands = field(default_factory=Bands)
    reference: float = 50.0
    method: str = "weighted"
    schema: int = SCHEMA_VERSION

    @property
    def measures(self) -> tuple[tuple[Dimension, Measure, float], ...]:
        """Return (dimension, measure, W · ŵ) in order; the products sum to 1."""
        total = sum(dimension.weight for dimension in self.dimensions)
        return tuple(
            (
                dimension,
                measure,
                dimension.weight / total * (measure.weight / sum(m.weight for m in group)),
            )
            for dimension in self.dimensions
            for group in [dimension.measures]
            for measure in group
        )

    @property
    def rules(self) -> tuple[PointRule, ...]:
        """Return the rules of all groups in order."""
        return tuple(rule for group in self.point_groups for rule in group.rules)

    def metrics(self) -> frozenset[str]:
        """Return the keys of every metric this scorecard reads."""
        return frozenset(
            [measure.metric for _, measure, _ in self.measures]
            + [rule.metric for rule in self.rules]
            + [condition.metric for gate in self.gates for condition in gate.conditions]
        )
