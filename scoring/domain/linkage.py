"""What goes along with what: figures of the accounts in each tenth of a metric's values.

An association, not a cause. Months of one account are not independent, so an interval counts
accounts: it is that of a ratio of sums over clusters.
"""

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

TENTHS = 10
Z = 1.959963984540054


@dataclass(frozen=True)
class Ratio:
    """A ratio of two sums with its 95 % interval, over so many accounts."""

    value: float
    low: float
    high: float
    accounts: int


def tenths(values: Sequence[float]) -> list[int]:
    """Return the tenth (0 lowest … 9) of each value; equal values share the one of their middle."""
    ranked = sorted(values)
    size = len(ranked)
    return [
        min(
            TENTHS - 1,
            TENTHS * (bisect_left(ranked, x) + bisect_right(ranked, x) - 1) // (2 * size),
        )
        for x in values
    ]


def ratio_of_sums(rows: Iterable[tuple[Hashable, float, float]], *, is_share: bool) -> Ratio | None:
    """Return Σ numerator / Σ denominator of (account, numerator, denominator) with its interval.

    By linearisation, clustered by account; a share that is 0 or 1, where that has no width, by
    Wilson over the accounts. None where the denominator sums to 0.
    """
    sums: dict[Hashable, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for account, numerator, denominator in rows:
        sums[account][0] += numerator
        sums[account][1] += denominator
    below = sum(x for _, x in sums.values())
    if not below:
        return None
    size = len(sums)
    value = sum(y for y, _ in sums.values()) / below
    if is_share and value in (0.0, 1.0):
        return Ratio(value, *wilson(value * size, size), size)
    if size < 2:
        return Ratio(value, *((0.0, 1.0) if is_share else (-math.inf, math.inf)), size)
    spread = sum((y - value * x) ** 2 for y, x in sums.values())
    width = Z * math.sqrt(size / (size - 1) * spread) / below
    low, high = value - width, value + width
    if is_share:
        low, high = max(0.0, low), min(1.0, high)
    return Ratio(value, low, high, size)


def wilson(events: float, size: int) -> tuple[float, float]:
    """Return the 95 % interval of a share by Wilson's score."""
    share, z2 = events / size, Z * Z
    middle = (share + z2 / (2 * size)) / (1 + z2 / size)
    width = Z / (1 + z2 / size) * math.sqrt(share * (1 - share) / size + z2 / (4 * size * size))
    return max(0.0, middle - width), min(1.0, middle + width)
