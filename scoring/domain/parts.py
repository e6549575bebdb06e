"""Everything about one score, part by part; the parts sum to the score exactly."""

from dataclasses import dataclass

from scoring.domain.definition import Gate, Rule
from scoring.domain.freshness import Reading
from scoring.domain.rollup import Group


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
class RulePart:
    """A rule, whether it holds (None is open), and what it moved the score from the start by."""

    rule: Rule
    holds: bool | None
    contribution: float


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
class Base:
    """What a method makes of the readings, before points, gates and roll-up."""

    coverage: float
    observed: float
    has_required: bool
    parts: tuple[Part, ...] = ()
    dimensions: tuple[DimensionPart, ...] = ()
    rules: tuple[RulePart, ...] = ()

    @property
    def contributions(self) -> tuple[float, ...]:
        """Return what each measure or rule adds to the reference, in order."""
        return (
            *(part.contribution for part in self.parts),
            *(part.contribution for part in self.rules),
        )


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
    rules: tuple[RulePart, ...]
    dimensions: tuple[DimensionPart, ...]
    points: tuple[PointPart, ...]
    gates: tuple[GatePart, ...]
    corrections: Corrections
    gated: bool
    computed: float | None
    score: float | None
    group: Group | None = None

    @property
    def contributions(self) -> tuple[float, ...]:
        """Return what each measure or rule adds to the reference, in order."""
        return (
            *(part.contribution for part in self.parts),
            *(part.contribution for part in self.rules),
        )

    @property
    def explained(self) -> float:
        """Return reference + contributions + points + corrections: the score, by its parts."""
        return (
            self.reference
            + sum(self.contributions)
            + sum(point.points for point in self.points)
            + self.corrections.total
        )
