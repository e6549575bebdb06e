"""What a scorecard says, as frozen values: how it judges, its gates, bands and roll-up.

Two methods share everything but the base: `weighted` (dimensions of measures) and `rules`
(conditions that give points, or the most severe of which decides).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Literal

from scoring.domain.bands import Bands
from scoring.domain.conditions import Test
from scoring.domain.curves import Curve, Percentile, RobustZ

SCHEMA_VERSION = 1
Method = Literal["weighted", "rules"]
Policy = Literal["exclude", "neutral", "penalty", "carry"]
Combination = Literal["all_points", "most_severe"]
RollupMethod = Literal["own", "worst", "mean", "arr"]


@dataclass(frozen=True)
class Measure:
    """A metric with its weight in the dimension and its curve.

    `missing` says what stands in for a missing value: nothing, the median account of the cohort
    (the reference while there is no table), `penalty`, or the last value seen, until it is gone.
    """

    metric: str
    weight: float
    curve: Curve
    missing: Policy = "exclude"
    penalty: float = 0.0

    @property
    def needs_cohort(self) -> bool:
        """Say whether a frozen table of the cohort is read."""
        return isinstance(self.curve, Percentile | RobustZ) or self.missing == "neutral"


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
class Rule:
    """When the condition holds: so many points, or this score if no rule is more severe."""

    key: str
    when: Test
    text_en: str
    text_ja: str
    points: float = 0.0
    severity: float = 0.0
    score: float = 0.0


@dataclass(frozen=True)
class RuleSet:
    """The base of the method `rules`.

    `all_points`: `start` plus the points of every rule that holds. `most_severe`: the score of the
    rule that holds with the greatest severity, the first of equals; `start` where none holds.
    Without a reading of each metric in `requires` there is no score.
    """

    combine: Combination
    start: float
    rules: tuple[Rule, ...]
    requires: tuple[str, ...] = ()


@dataclass(frozen=True)
class Gate:
    """While any condition holds, the score is at most `cap`, or at least `floor`."""

    key: str
    conditions: tuple[Test, ...]
    text_en: str
    text_ja: str
    cap: float | None = None
    floor: float | None = None


@dataclass(frozen=True)
class Rollup:
    """What a parent makes of its children.

    `worst`: the least of its own score and theirs. `mean`: their mean, its own among them.
    `arr`: own_share · own + (1 − own_share) · Σ ARR·S / Σ ARR of the children. A parent without
    enough data of its own takes its children's alone, unless the method is `own`. Children in the
    band critical that hold `critical_share` of the group's ARR cap the parent.
    """

    method: RollupMethod = "own"
    own_share: float = 0.5
    critical_cap: float = 79.0
    critical_share: float = 0.2


#: A condition on what an account is, such as {"phase": "onboarding"}; empty holds for nobody.
Audience = Mapping[str, object]


@dataclass(frozen=True)
class Definition:
    """A whole scorecard. Weights are relative; the evaluator makes each level sum to 1.

    :param cohorts: whom an account is held against: the first that holds, else the whole book.
    :param rollup: None leaves parents to themselves.
    """

    dimensions: tuple[Dimension, ...] = ()
    point_groups: tuple[PointGroup, ...] = ()
    gates: tuple[Gate, ...] = ()
    bands: Bands = field(default_factory=Bands)
    reference: float = 50.0
    method: Method = "weighted"
    schema: int = SCHEMA_VERSION
    rule_set: RuleSet | None = None
    rollup: Rollup | None = None
    cohorts: tuple[Audience, ...] = ()

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
    def point_rules(self) -> tuple[PointRule, ...]:
        """Return the rules of all groups of points in order."""
        return tuple(rule for group in self.point_groups for rule in group.rules)

    @property
    def carried(self) -> tuple[tuple[Dimension, Measure], ...]:
        """Return the measures whose last value stands in, with their dimensions."""
        return tuple((d, m) for d, m, _ in self.measures if m.missing == "carry")

    def metrics(self) -> frozenset[str]:
        """Return the keys of every metric this scorecard reads."""
        tests = [condition for gate in self.gates for condition in gate.conditions]
        rules = self.rule_set
        return frozenset(
            chain(
                (measure.metric for _, measure, _ in self.measures),
                (rule.metric for rule in self.point_rules),
                rules.requires if rules else (),
                *(test.metrics() for test in tests),
                *(rule.when.metrics() for rule in (rules.rules if rules else ())),
            )
        )

    def cohort_metrics(self) -> frozenset[str]:
        """Return the keys of the metrics whose cohort tables are read."""
        return frozenset(m.metric for _, m, _ in self.measures if m.needs_cohort)

    def told_by_cohort(self) -> frozenset[str]:
        """Return the keys of the metrics that say nothing without a cohort table."""
        return frozenset(
            m.metric for _, m, _ in self.measures if isinstance(m.curve, Percentile | RobustZ)
        )
