"""Geometry of the small charts that are drawn as inline SVG: sparkline, score line, waterfall.

Positions from data become SVG attributes, so that pages need neither style attributes nor scripts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from math import ceil, floor

from django.utils.functional import Promise

Text = str | Promise
RISK_LINE = 60
SPARK_LOW, SPARK_HIGH = 20, 100


@dataclass(frozen=True)
class Line:
    """Runs of points (`"x,y x,y"`), split where a value is missing, and the last point."""

    runs: list[str]
    last_x: float
    last_y: float
    risk_y: float
    target_y: float | None = None


def sparkline(values: Sequence[float | None]) -> Line | None:
    """Lay scores out on 96 × 28, always on the scale 20–100; None if nothing is known."""
    return _line(values, x=(1, 93), y=(26, 2), scale=(SPARK_LOW, SPARK_HIGH))


def score_line(values: Sequence[float | None]) -> Line | None:
    """Lay scores out on 244 × 64, on a scale that fits them and the line at 60."""
    known = [value for value in values if value is not None]
    low, high = min([*known, RISK_LINE]) - 5, max([*known, RISK_LINE]) + 5
    return _line(values, x=(2, 238), y=(62, 2), scale=(low, high))


def value_line(values: Sequence[float | None], target: float | None = None) -> Line | None:
    """Lay amounts out on 244 × 64, from zero, so that a small change looks small.

    :param target: an amount that is marked, and fits on the scale.
    """
    high = max((value for value in (*values, target) if value is not None), default=0)
    scale = (0, max(high * 1.05, 1))
    return _line(values, x=(2, 238), y=(62, 2), scale=scale, target=target)


def _line(
    values: Sequence[float | None],
    *,
    x: tuple[float, float],
    y: tuple[float, float],
    scale: tuple[float, float],
    target: float | None = None,
) -> Line | None:
    step = (x[1] - x[0]) / max(len(values) - 1, 1)
    low, high = scale

    def height(value: float) -> float:
        share = (min(max(value, low), high) - low) / (high - low)
        return round(y[0] + share * (y[1] - y[0]), 1)

    runs: list[list[str]] = [[]]
    last = None
    for index, value in enumerate(values):
        if value is None:
            runs.append([])
            continue
        last = (round(x[0] + index * step, 1), height(value))
        runs[-1].append(f"{last[0]},{last[1]}")
    if last is None:
        return None
    wanted = None if target is None else height(target)
    drawn = [" ".join(run) for run in runs if run]
    return Line(drawn, *last, risk_y=height(RISK_LINE), target_y=wanted)


@dataclass(frozen=True)
class DayBar:
    """One bar of a count a day: where it stands and how high it is."""

    x: float
    y: float
    height: float


BAR_STEP, BAR_HEIGHT, LEAST_BAR = 4, 28, 1.5


def day_bars(counts: Sequence[int]) -> list[DayBar]:
    """Lay counts out as bars of 3 × 28, 4 apart; the highest fills the height, none has no bar."""
    most = max(counts, default=0)
    return [
        DayBar(
            x=index * BAR_STEP,
            y=round(BAR_HEIGHT - height, 1),
            height=height,
        )
        for index, count in enumerate(counts)
        if count
        for height in [round(max(LEAST_BAR, BAR_HEIGHT * count / most), 1)]
    ]


@dataclass(frozen=True)
class FallRow:
    """A step of a waterfall: a dimension with its measures below, or a measure (`parts` empty)."""

    label: Text
    change: float
    before: str = ""
    after: str = ""
    parts: Sequence["FallRow"] = ()


@dataclass(frozen=True)
class FallBar:
    """A table row as drawn: kind (first dim sub rest total), bar from `x`, `width` percent."""

    kind: str
    label: Text
    x: float
    width: float
    change: float | None = None
    score: float | None = None
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Waterfall:
    """Rows in order, ticks as (percent, score), and where the line at 60 stands, if visible."""

    bars: list[FallBar]
    ticks: list[tuple[float, int]] = field(default_factory=list)
    risk_x: float | None = None


def waterfall(
    *,
    start: tuple[Text, float],
    rows: Sequence[FallRow],
    end: tuple[Text, float],
    rest: FallRow | None = None,
) -> Waterfall:
    """Draw how a score went from `start` to `end`, both as (label, score).

    Give figures already rounded so that they add up. Rows are drawn largest first; `rest` (points,
    gates, override) last, even when 0. The axis is cut at the tens around the scores on the way.
    """
    ordered = sorted(rows, key=lambda row: -abs(row.change))
    steps = accumulate((row.change for row in ordered), initial=start[1])
    levels = [*steps, end[1]]
    axis = floor(min(levels) / 10) * 10, max(ceil(max(levels) / 10) * 10, 10)
    scale = _Axis(*axis)
    bars = [FallBar("first", start[0], scale.at(start[1]), 0, score=start[1])]
    level = start[1]
    for row in ordered:
        bars += _bars(row, level, scale)
        level += row.change
    if rest:
        bars.append(_bar("rest", rest, level, scale, level + rest.change))
    bars.append(FallBar("total", end[0], scale.at(end[1]), 0, end[1] - start[1], end[1]))
    ticks = [(scale.at(tick), tick) for tick in range(axis[0], axis[1] + 1) if tick % 20 == 0]
    inside = axis[0] <= RISK_LINE <= axis[1]
    return Waterfall(bars, ticks[:6], scale.at(RISK_LINE) if inside else None)


@dataclass(frozen=True)
class _Axis:
    low: float
    high: float

    def at(self, score: float) -> float:
        share = (score - self.low) / max(self.high - self.low, 1)
        return round(min(max(share, 0), 1) * 100, 2)


def _bars(row: FallRow, level: float, scale: _Axis) -> Iterator[FallBar]:
    yield _bar("dim", row, level, scale, level + row.change)
    for part in sorted(row.parts, key=lambda part: -abs(part.change)):
        yield _bar("sub", part, level, scale)
        level += part.change


def _bar(
    kind: str, row: FallRow, level: float, scale: _Axis, score: float | None = None
) -> FallBar:
    left, right = sorted((scale.at(level), scale.at(level + row.change)))
    return FallBar(
        kind, row.label, left, round(right - left, 2), row.change, score, row.before, row.after
    )


@dataclass(frozen=True)
class Whisker:
    """A figure with its interval as percent of the width; no ends where there is no interval."""

    label: Text
    x: float
    low: float | None = None
    high: float | None = None


def whiskers(
    rows: Sequence[tuple[Text, float | None, float | None, float | None]],
    *,
    low: float,
    high: float,
) -> list[Whisker]:
    """Lay (label, figure, lower end, upper end) out on the scale from `low` to `high`.

    A row without a figure is left out; what lies outside the scale stands at its end.
    """

    def place(value: float) -> float:
        return round(100 * (min(max(value, low), high) - low) / (high - low), 2)

    return [
        Whisker(label, place(x))
        if start is None or end is None
        else Whisker(label, place(x), place(start), place(end))
        for label, x, start, end in rows
        if x is not None
    ]
