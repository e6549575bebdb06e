"""How accounts alike stand: a frozen table of quantiles, and where a value lies in it.

Nobody moves because a neighbour moved in the middle of a week: the table is computed once and
kept. Up to `POINTS` distinct values it is exact, beyond that a line between two quantiles. A small
cohort borrows from the whole book: u = (n · u_cohort + 50 · u_book) / (n + 50).
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median

#: Values a table keeps at most: one a percent, and both ends.
POINTS = 101
#: So many accounts of the whole book stand behind every cohort.
BORROWED = 50
#: MAD times this is the standard deviation where values are normal.
MAD_TO_SIGMA = 1.4826
FARTHEST = 3.0


@dataclass(frozen=True)
class Quantiles:
    """The distribution of a metric in a cohort of `n` accounts.

    :param values: some of its values, ascending, the least and the greatest among them.
    :param below: share of accounts below each of them, 0 … 1.
    :param upto: share of accounts at or below each of them.
    """

    n: int
    values: tuple[float, ...]
    below: tuple[float, ...]
    upto: tuple[float, ...]
    median: float
    mad: float

    def percent(self, x: float) -> float:
        """Return 100 · (#{< x} + ½ #{= x}) / n."""
        place = bisect_right(self.values, x)
        if place == 0:
            return 0.0
        start = self.values[place - 1]
        if x == start:
            return 50.0 * (self.below[place - 1] + self.upto[place - 1])
        if place == len(self.values):
            return 100.0
        part = (x - start) / (self.values[place] - start)
        return 100.0 * (self.upto[place - 1] + part * (self.below[place] - self.upto[place - 1]))

    def normal(self, x: float) -> float:
        """Return 100 · Φ of the robust z of `x`, which ends at ± 3; without spread 0 or ± 3."""
        if self.mad > 0:
            z = (x - self.median) / (MAD_TO_SIGMA * self.mad)
        else:
            z = FARTHEST * ((x > self.median) - (x < self.median))
        z = min(FARTHEST, max(-FARTHEST, z))
        return 50.0 * (1.0 + math.erf(z / math.sqrt(2)))


@dataclass(frozen=True)
class Norms:
    """What a value is held against: the account's own cohort and the whole book."""

    cohort: Quantiles | None = None
    book: Quantiles | None = None

    def shrunk(self, own: float | None, book: float | None) -> float | None:
        """Return the utility in the cohort, drawn towards that in the book where it is small."""
        if own is None or self.cohort is None:
            return book
        if book is None:
            return own
        n = self.cohort.n
        return (n * own + BORROWED * book) / (n + BORROWED)


NO_NORMS = Norms()


def quantiles_of(sample: Sequence[float], *, points: int = POINTS) -> Quantiles:
    """Freeze the distribution of a sample, which is not empty; the reference of the SQL."""
    ordered = sorted(sample)
    n = len(ordered)
    ranks: dict[float, tuple[float, float]] = {}
    before = 0
    for value, same in groupby(ordered):
        count = sum(1 for _ in same)
        ranks[value] = (before / n, (before + count) / n)
        before += count
    values = sorted(ranks)
    if len(values) > points:
        picked = {ordered[(n - 1) * place // (points - 1)] for place in range(points)}
        values = sorted(picked)
    middle = median(ordered)
    return Quantiles(
        n=n,
        values=tuple(values),
        below=tuple(ranks[value][0] for value in values),
        upto=tuple(ranks[value][1] for value in values),
        median=middle,
        mad=median([abs(value - middle) for value in ordered]),
    )
