"""Conditions over readings: a metric against bounds, joined by all, any and not.

Logic has three values: what a missing reading leaves open is neither true nor false, so silence
fulfils nothing, not even a `not`. SQL's NULL follows the same rules.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from scoring.domain.freshness import MISSING, Reading


@dataclass(frozen=True)
class Condition:
    """A metric against bounds; or, with `missing`, that there is no reading."""

    metric: str
    above: float | None = None
    below: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    missing: bool = False

    def holds(self, x: float | None) -> bool | None:
        """Say whether the reading fulfils the condition; None where that is open."""
        if self.missing:
            return x is None
        if x is None:
            return None
        return (
            (self.above is None or x > self.above)
            and (self.below is None or x < self.below)
            and (self.at_least is None or x >= self.at_least)
            and (self.at_most is None or x <= self.at_most)
        )

    def truth(self, readings: Mapping[str, Reading]) -> bool | None:
        """Judge the readings of an account."""
        return self.holds(readings.get(self.metric, MISSING).x)

    def metrics(self) -> frozenset[str]:
        """Return the keys of the metrics it reads."""
        return frozenset([self.metric])


@dataclass(frozen=True)
class AllOf:
    """Every part holds; one that does not is enough to fail."""

    parts: tuple["Test", ...]

    def truth(self, readings: Mapping[str, Reading]) -> bool | None:
        """Judge the readings of an account."""
        return _join([part.truth(readings) for part in self.parts], decisive=False)

    def metrics(self) -> frozenset[str]:
        """Return the keys of the metrics it reads."""
        return _metrics(self.parts)


@dataclass(frozen=True)
class AnyOf:
    """Some part holds."""

    parts: tuple["Test", ...]

    def truth(self, readings: Mapping[str, Reading]) -> bool | None:
        """Judge the readings of an account."""
        return _join([part.truth(readings) for part in self.parts], decisive=True)

    def metrics(self) -> frozenset[str]:
        """Return the keys of the metrics it reads."""
        return _metrics(self.parts)


@dataclass(frozen=True)
class Not:
    """The part does not hold, and that is known."""

    part: "Test"

    def truth(self, readings: Mapping[str, Reading]) -> bool | None:
        """Judge the readings of an account."""
        known = self.part.truth(readings)
        return None if known is None else not known

    def metrics(self) -> frozenset[str]:
        """Return the keys of the metrics it reads."""
        return self.part.metrics()


Test = Condition | AllOf | AnyOf | Not


def _join(truths: Sequence[bool | None], *, decisive: bool) -> bool | None:
    if decisive in truths:
        return decisive
    return None if None in truths else not decisive


def _metrics(parts: Sequence[Test]) -> frozenset[str]:
    return reduce(frozenset.union, (part.metrics() for part in parts), frozenset())
