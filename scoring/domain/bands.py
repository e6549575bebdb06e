"""Bands and the recovery rule: worse acts at once, better has to prove itself.

Numbers from 0 (critical) to 3 (expansion) stand for bands here and in the daily rows. The bounds
are explicit: 60.0 is steady, 59.96 at risk, 80.0 not yet expansion. Everything is compared
unrounded.
"""

from dataclasses import dataclass

CRITICAL, AT_RISK, STEADY, EXPANSION = range(4)
SLUGS = ("critical", "at_risk", "steady", "expansion")
NOT_ENOUGH_DATA = "not_enough_data"


@dataclass(frozen=True)
class Bands:
    """Critical below `critical`, at risk below `at_risk`, expansion above `expansion`.

    The bound itself belongs to the middle, unless the band named by it includes it.
    """

    critical: float = 40.0
    at_risk: float = 60.0
    expansion: float = 80.0
    recovery: float = 5.0
    critical_includes: bool = False
    at_risk_includes: bool = False
    expansion_includes: bool = False

    def plain(self, score: float) -> int:
        """Return the band of a score that has no past."""
        if (low := self._low(score)) is not None:
            return low
        return EXPANSION if self._expands(score) else STEADY

    def held(self, score: float) -> int:
        """Return the best band this score still lets an account keep."""
        if (low := self._low(score)) is not None:
            return low
        return STEADY if score < self.expansion - self.recovery else EXPANSION

    def let_go(self, score: float, state: int) -> float | None:
        """Return the score at which the recovery rule lets go of a state that is not the score's.

        Below it, the score has to reach it on two days in a row; above it, to fall below.
        """
        plain = self.plain(score)
        if plain > state:
            return (self.critical + self.recovery, self.at_risk + self.recovery, self.expansion)[
                state
            ]
        return self.expansion - self.recovery if plain < state else None

    def middle(self, band: str) -> float:
        """Return the score in the middle of a band, by its slug."""
        bounds = (0.0, self.critical, self.at_risk, self.expansion, 100.0)
        place = SLUGS.index(band)
        return (bounds[place] + bounds[place + 1]) / 2

    def rise(self, score: float) -> int:
        """Return the band this score leads to when two official days in a row allow it."""
        if score < self.critical + self.recovery:
            return CRITICAL
        if score < self.at_risk + self.recovery:
            return AT_RISK
        return EXPANSION if self._expands(score) else STEADY

    def _low(self, score: float) -> int | None:
        if score < self.critical or (self.critical_includes and score == self.critical):
            return CRITICAL
        if score < self.at_risk or (self.at_risk_includes and score == self.at_risk):
            return AT_RISK
        return None

    def _expands(self, score: float) -> bool:
        return score > self.expansion or (self.expansion_includes and score == self.expansion)


@dataclass(frozen=True)
class Past:
    """What the rule knows of yesterday: the state, the rise, today's worst provisional state."""

    state: int | None = None
    rise: int | None = None
    low: int | None = None


def next_state(bands: Bands, score: float, *, gated: bool, official: bool, past: Past) -> int:
    """Return the band state after a score.

    A provisional run only lets it fall. An official one lets it rise where this day and the one
    before allow it, starting from the worst state a provisional run acted on in between. A gate
    that binds acts at once and never raises a band.
    """
    plain = bands.plain(score)
    if past.state is None:
        return plain
    state = past.state
    if official:
        state = state if past.low is None else min(state, past.low)
        state = max(state, min(bands.rise(score), past.rise or 0))
    state = min(state, bands.held(score))
    return min(state, plain) if gated else state


def band_slug(number: int | None) -> str:
    """Return the slug of a band number; None is not enough data."""
    return NOT_ENOUGH_DATA if number is None else SLUGS[number]
