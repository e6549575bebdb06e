"""From a value to a utility between 0 and 100: six ways, each clamped at its ends.

Straight lines between knots (also on a logarithmic axis), the share of a target, a table of
values, the percentile and the robust z within a frozen cohort.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from scoring.domain.cohorts import NO_NORMS, Norms

Knot = tuple[float, float]


@dataclass(frozen=True)
class Piecewise:
    """Straight lines between knots (value, utility); flat outside.

    With `log_scale` s the knots stand on ln(1 + x/s), for values spread over magnitudes.
    """

    knots: tuple[Knot, ...]
    log_scale: float | None = None

    def position(self, x: float) -> float:
        """Return where `x` lies on the axis of the knots."""
        return x if self.log_scale is None else math.log(1 + max(x, 0.0) / self.log_scale)

    def segments(self) -> Sequence[tuple[float, float, float, float]]:
        """Return (start, end, utility at start, slope) of each line."""
        return [(x0, x1, u0, (u1 - u0) / (x1 - x0)) for (x0, u0), (x1, u1) in pairwise(self.knots)]

    def utility(self, x: float, norms: Norms = NO_NORMS) -> float | None:
        """Return the utility of `x`."""
        at = self.position(x)
        first, last = self.knots[0], self.knots[-1]
        if at <= first[0]:
            return first[1]
        for start, end, base, slope in self.segments():
            if at < end:
                return base + (at - start) * slope
        return last[1]

    @property
    def directions(self) -> frozenset[int]:
        """Return 1 where it rises anywhere, −1 where it falls anywhere."""
        return _directions([u for _, u in self.knots])


@dataclass(frozen=True)
class Target:
    """100 from the target on, in proportion below it."""

    target: float

    def utility(self, x: float, norms: Norms = NO_NORMS) -> float | None:
        """Return 100 · min(1, x / target), not below 0."""
        return 100.0 * min(1.0, max(0.0, x / self.target))

    @property
    def directions(self) -> frozenset[int]:
        """Return that it rises."""
        return frozenset([1])


@dataclass(frozen=True)
class Table:
    """A utility for each of some values; for any other `otherwise`, None being missing."""

    entries: tuple[Knot, ...]
    otherwise: float | None = None

    def utility(self, x: float, norms: Norms = NO_NORMS) -> float | None:
        """Return the utility that stands beside `x`."""
        return dict(self.entries).get(x, self.otherwise)

    @property
    def directions(self) -> frozenset[int]:
        """Return nothing: categories have no order."""
        return frozenset()


@dataclass(frozen=True)
class Percentile:
    """The percentile within the cohort; `falling` where less is better.

    :param zero: utility of a value of 0 or less, whatever the cohort does.
    """

    falling: bool = False
    zero: float | None = None

    def utility(self, x: float, norms: Norms = NO_NORMS) -> float | None:
        """Return 100 · (#{< x} + ½ #{= x}) / n, or None without a table."""
        if self.zero is not None and x <= 0:
            return self.zero
        found = norms.shrunk(
            norms.cohort.percent(x) if norms.cohort else None,
            norms.book.percent(x) if norms.book else None,
        )
        return found if found is None or not self.falling else 100.0 - found

    @property
    def directions(self) -> frozenset[int]:
        """Return which way it goes."""
        return frozenset([-1 if self.falling else 1])


@dataclass(frozen=True)
class RobustZ:
    """100 · Φ(z) with the median and the MAD of the cohort; `falling` where less is better."""

    falling: bool = False

    def utility(self, x: float, norms: Norms = NO_NORMS) -> float | None:
        """Return 100 · Φ(clip((x − median) / (1.4826 · MAD), ± 3)), or None without a table."""
        found = norms.shrunk(
            norms.cohort.normal(x) if norms.cohort else None,
            norms.book.normal(x) if norms.book else None,
        )
        return found if found is None or not self.falling else 100.0 - found

    @property
    def directions(self) -> frozenset[int]:
        """Return which way it goes."""
        return frozenset([-1 if self.falling else 1])


Curve = Piecewise | Target | Table | Percentile | RobustZ


def neutral_utility(curve: Curve, norms: Norms) -> float | None:
    """Return the utility of the median account of the cohort; None without a table."""
    own, book = (
        None if table is None else curve.utility(table.median, Norms(book=table))
        for table in (norms.cohort, norms.book)
    )
    return norms.shrunk(own, book)


def _directions(utilities: Sequence[float]) -> frozenset[int]:
    return frozenset((b > a) - (b < a) for a, b in pairwise(utilities)) - {0}
