"""The rules by which alerts open: what each kind asks for, and within which bounds.

A threshold means points of the score for `crossing` (0 the band critical, 1 at risk or worse),
points in 30 days for `decline`, days for `usage_silence`, multiples of the cadence for
`talk_silence`; `coverage_lost` has none.
"""

from dataclasses import dataclass

LONGEST_COOL_DOWN = 90


@dataclass(frozen=True)
class Rule:
    """Whether a kind of alert opens, when, and how long it rests after it was closed."""

    is_active: bool = True
    threshold: float = 0.0
    cool_down_days: int = 7


@dataclass(frozen=True)
class Bounds:
    """The lowest and highest threshold that makes sense, perhaps whole ones alone."""

    low: float
    high: float
    is_whole: bool = False

    def hold(self, threshold: float) -> bool:
        """Say whether a threshold lies within."""
        is_right = not self.is_whole or float(threshold).is_integer()
        return self.low <= threshold <= self.high and is_right


DEFAULTS = {
    "crossing": Rule(threshold=1),
    "decline": Rule(threshold=5, cool_down_days=14),
    "usage_silence": Rule(threshold=14),
    "talk_silence": Rule(threshold=1.5),
    "coverage_lost": Rule(),
}
BOUNDS = {
    "crossing": Bounds(0, 1, is_whole=True),
    "decline": Bounds(5, 60),
    "usage_silence": Bounds(3, 90),
    "talk_silence": Bounds(1, 5),
    "coverage_lost": Bounds(0, 0),
}
