"""Which way a score is going: the slope most pairs of days agree on, and whether it is chance.

Theil–Sen takes the median slope of all pairs, so a bad day hardly moves it; Mann–Kendall counts
how many pairs rise and how many fall (normal approximation, ties counted out). The least-squares
slope has to agree in size, roughly: it is cheap, and spares the pairs of most accounts.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median

LEAST_DAYS = 10
SIGNIFICANT = 0.05
#: Points over 30 days below which nothing is called a trend.
LEAST_CHANGE = 5.0
#: Least squares must see this share of the least change.
PREFILTER = 0.8


@dataclass(frozen=True)
class Trend:
    """Points in 30 days along the slope, the probability of chance, and a word for both."""

    change_30d: float
    p: float
    direction: str


def trend(scores: Sequence[float | None]) -> Trend | None:
    """Return the trend of daily scores, oldest first; None under ten known days."""
    points = [(day, score) for day, score in enumerate(scores) if score is not None]
    if len(points) < LEAST_DAYS:
        return None
    pairs = list(combinations(points, 2))
    slope = median((y1 - y0) / (x1 - x0) for (x0, y0), (x1, y1) in pairs)
    s = sum((y1 > y0) - (y1 < y0) for (_, y0), (_, y1) in pairs)
    p = _chance(s, [score for _, score in points])
    change = 30 * slope
    steep = abs(30 * _least_squares(points)) >= PREFILTER * LEAST_CHANGE
    if p >= SIGNIFICANT or abs(change) < LEAST_CHANGE or not steep:
        return Trend(change, p, "level")
    return Trend(change, p, "rising" if change > 0 else "declining")


def _least_squares(points: Sequence[tuple[int, float]]) -> float:
    x_mean = sum(x for x, _ in points) / len(points)
    y_mean = sum(y for _, y in points) / len(points)
    spread = sum((x - x_mean) ** 2 for x, _ in points)
    return sum((x - x_mean) * (y - y_mean) for x, y in points) / spread


def _chance(s: int, values: Sequence[float]) -> float:
    """Return the two-sided p of Mann–Kendall's S."""
    n = len(values)
    ties = sum(t * (t - 1) * (2 * t + 5) for t in Counter(values).values())
    variance = (n * (n - 1) * (2 * n + 5) - ties) / 18
    if s == 0 or variance == 0:
        return 1.0
    z = (abs(s) - 1) / math.sqrt(variance)
    return math.erfc(z / math.sqrt(2))
