"""How values spread: bars between round edges, drawn as inline SVG beside their table."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

BARS = 12
WIDTH, HEIGHT, GAP = 480, 96, 2
#: Nearer to each other than this, values are one: a bar between them could have no round edges.
NO_SPAN = 1e-200


@dataclass(frozen=True)
class Bar:
    """`n` values from `low` up to, but for the last bar, below `high`; and where it is drawn."""

    low: float
    high: float
    n: int
    x: float
    y: float
    width: float
    height: float


def histogram(values: Sequence[float], *, bars: int = BARS) -> list[Bar]:
    """Return at most `bars` bars of equal width over all values; none for none."""
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        return []
    low, step, count = _edges(min(finite), max(finite), bars)
    counts = [0] * count
    for value in finite:
        counts[min(count - 1, max(0, math.floor((value - low) / step + 1e-9)))] += 1
    most, width = max(counts), WIDTH / count
    return [
        Bar(
            low=round(low + index * step, 10),
            high=round(low + (index + 1) * step, 10),
            n=n,
            x=round(index * width, 1),
            y=round(HEIGHT - HEIGHT * n / most, 1),
            width=round(width - GAP, 1),
            height=round(HEIGHT * n / most, 1),
        )
        for index, n in enumerate(counts)
    ]


def _edges(least: float, greatest: float, bars: int) -> tuple[float, float, int]:
    """Return the first edge, the width of a bar (1, 2 or 5 times a power of ten), their number."""
    span = greatest - least
    if span <= max(abs(least) * 1e-9, NO_SPAN):
        step = _round_up(abs(least) / 10) if abs(least) > NO_SPAN else 1.0
        return math.floor(least / step) * step, step, 1
    step = _round_up(span / bars)
    low = math.floor(least / step) * step
    while (greatest - low) / step > bars:
        step = _round_up(step * 1.01)
        low = math.floor(least / step) * step
    return low, step, max(1, math.ceil((greatest - low) / step - 1e-9))


def _round_up(width: float) -> float:
    power: float = 10.0 ** math.floor(math.log10(width))
    return next(step * power for step in (1, 2, 5, 10) if width <= step * power * (1 + 1e-9))
