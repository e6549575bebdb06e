"""A curve to begin with, by the unit of a metric and the way in which it gets better."""

from scoring.domain.curves import Knot
from scoring.selectors.custom_metrics import all_metrics

#: From bad to good where more is better, in the metric's own numbers.
BY_UNIT: dict[str, tuple[float, ...]] = {
    "share": (0, 0.5, 1),
    "days": (0, 30, 90),
    "count": (0, 5, 20),
    "ratio": (0, 1, 2),
    "change": (-0.5, 0, 0.5),
    "nps": (-50, 0, 50),
    "rating": (1, 3, 5),
}
UTILITIES = (0, 60, 100)


def knots_for(metric: str) -> list[Knot]:
    """Return three knots for a metric, to be put right by who knows what is good."""
    known = all_metrics().get(metric)
    values = BY_UNIT.get(known.unit if known else "count", BY_UNIT["count"])
    falls = known is not None and known.higher_is_better is False
    return list(zip(values, reversed(UTILITIES) if falls else UTILITIES, strict=True))
