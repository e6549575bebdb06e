"""From a value to a utility between 0 and 100: three curves, each clamped at its ends."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

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

    def utility(self, x: float) -> float:
        """Return the utility of `x`."""
        at = self.position(x)
        first, last = self.knots[0], self.knots[-1]
        if at <= first[0]:
            return first[1]
        for start, end, base, slope in self.segments():
            if at < end:
                return base + (at - start) * slope
        return last[1]


@dataclass(frozen=True)
class Target:
    """100 from the target on, in proportion below it."""

    target: float

    def utility(self, x: float) -> float:
        """Return 100 · min(1, x / target), not below 0."""
        return 100.0 * min(1.0, max(0.0, x / self.target))


Curve = Piecewise | Target
