"""How a measure turns values into utilities, in words and as a small drawing."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from config.lib import formats
from scoring.domain.curves import Curve, Knot, Percentile, Piecewise, RobustZ, Table, Target
from scoring.selectors.metric_texts import value_in

#: The six ways, by the names the editor and the words share.
WAYS: dict[str, Any] = {
    "curve": pgettext_lazy("normalisation", "Curve"),
    "log": pgettext_lazy("normalisation", "Curve on a logarithmic scale"),
    "target": pgettext_lazy("normalisation", "Share of a target"),
    "map": pgettext_lazy("normalisation", "Table of values"),
    "percentile": pgettext_lazy("normalisation", "Rank among similar accounts"),
    "robust_z": pgettext_lazy("normalisation", "Distance from the middle of similar accounts"),
}
WIDTH, HEIGHT, EDGE = 240, 96, 4
#: The share of the width that is drawn beyond the outer knots, where a curve is flat.
MARGIN = 0.12


@dataclass(frozen=True)
class Plot:
    """A drawing of 240 × 96: `"x,y x,y"` of the line and the places of its knots."""

    line: str
    dots: list[tuple[float, float]] = field(default_factory=list)


@dataclass(frozen=True)
class CurveWords:
    """The way, its values with their utilities as shown, a sentence, and the drawing."""

    way: str
    label: Any
    text: str
    rows: list[tuple[str, str]]
    plot: Plot


def way_of(curve: Curve) -> str:
    """Return which of the six ways a curve goes."""
    match curve:
        case Piecewise(log_scale=None):
            return "curve"
        case Piecewise():
            return "log"
        case Target():
            return "target"
        case Table():
            return "map"
        case Percentile():
            return "percentile"
    return "robust_z"


def curve_words(curve: Curve, unit: str) -> CurveWords:
    """Return how a curve reads and looks for a metric of this unit."""
    way = way_of(curve)
    knots = shown_knots(curve)
    rows = [(value_in(unit, x), formats.number(u)) for x, u in knots]
    return CurveWords(way, WAYS[way], _sentence(curve, unit, rows), rows, plot_of(curve))


def shown_knots(curve: Curve) -> list[Knot]:
    """Return the values and utilities a person reads; on a log scale the values themselves."""
    match curve:
        case Piecewise(knots, None):
            return list(knots)
        case Piecewise(knots, scale):
            return [(unlogged(x, scale or 1.0), u) for x, u in knots]
        case Table(entries, _):
            return list(entries)
    return []


def unlogged(position: float, scale: float) -> float:
    """Return the value at a place of the axis ln(1 + x/s), as round as it was typed.

    Rounding is kept only where it leads back to the very same place.
    """
    value = scale * math.expm1(position)
    rounded = round(value, 6)
    return rounded if logged(rounded, scale) == position else value


def logged(value: float, scale: float) -> float:
    """Return the place of a value on the axis ln(1 + x/s)."""
    return math.log(1 + value / scale)


def plot_of(curve: Curve) -> Plot:
    """Draw a curve; what ranks accounts is drawn over the rank or the distance."""
    match curve:
        case Piecewise(knots, _):
            return plot_knots(knots)
        case Target(target):
            return plot_knots([(0.0, 0.0), (target, 100.0)])
        case Table(entries, _):
            return Plot("", plot_knots(sorted(entries)).dots)
        case Percentile(falling, _):
            ends = (100.0, 0.0) if falling else (0.0, 100.0)
            return Plot(plot_knots([(0.0, ends[0]), (1.0, ends[1])]).line)
    side = -1 if getattr(curve, "falling", False) else 1
    steps = [step / 4 for step in range(-12, 13)]
    return Plot(plot_knots([(z, 100 * NormalDist().cdf(side * z)) for z in steps]).line)


def plot_knots(knots: Sequence[Knot]) -> Plot:
    """Lay straight lines between knots out on 240 × 96, flat beyond the ends."""
    if not knots:
        return Plot("")
    low, high = knots[0][0], knots[-1][0]
    pad = (high - low or 1.0) * MARGIN
    left, right = low - pad, high + pad

    def place(x: float, u: float) -> tuple[float, float]:
        across = EDGE + (x - left) / (right - left) * (WIDTH - 2 * EDGE)
        return round(across, 1), round(HEIGHT - EDGE - u / 100 * (HEIGHT - 2 * EDGE), 1)

    dots = [place(x, u) for x, u in knots]
    ends = [(float(EDGE), dots[0][1]), *dots, (float(WIDTH - EDGE), dots[-1][1])]
    return Plot(" ".join(f"{x},{y}" for x, y in ends), dots)


def _sentence(curve: Curve, unit: str, rows: Sequence[tuple[str, str]]) -> str:
    pairs = _("; ").join(f"{x} → {u}" for x, u in rows)
    match curve:
        case Target(target):
            return _("100 from %(target)s on, in proportion below.") % {
                "target": value_in(unit, target)
            }
        case Table(_entries, otherwise) if otherwise is not None:
            return _("%(pairs)s; any other value → %(otherwise)s") % {
                "pairs": pairs,
                "otherwise": formats.number(otherwise),
            }
        case Table():
            return _("%(pairs)s; any other value is missing") % {"pairs": pairs}
        case Percentile() | RobustZ():
            return _ranking(curve)
    return pairs


def _ranking(curve: Percentile | RobustZ) -> str:
    if isinstance(curve, RobustZ):
        if curve.falling:
            return _("50 for the middle account of its cohort, more for less.")
        return _("50 for the middle account of its cohort, more for more.")
    words = (
        _("100 for the least of its cohort, 0 for the most.")
        if curve.falling
        else _("100 for the most of its cohort, 0 for the least.")
    )
    if curve.zero is None:
        return words
    zero = _("A value of 0 gives %(u)s.") % {"u": formats.number(curve.zero)}
    return f"{words} {zero}"
