"""What an override says, and whether it turned out nearer to what happened than the computed score.

What happened is the computed score at the override's end; a customer who left counts as 0. A band
stands for the middle of its span, so that bands and numbers are judged by one rule.
"""

from dataclasses import dataclass
from typing import Literal

from scoring.domain.bands import SLUGS, Bands

Judgement = Literal["nearer", "farther", "even"]
LOST = 0.0


@dataclass(frozen=True)
class Given:
    """What a person set: a value, a bound, or a band, where the computed score stood at `start`."""

    kind: str
    value: float | None
    band: str
    start: float

    @property
    def score(self) -> float:
        """Return the number the override stands for."""
        if self.kind == "band" or self.value is None:
            return middle_of(self.band)
        if self.kind == "floor":
            return max(self.start, self.value)
        if self.kind == "ceiling":
            return min(self.start, self.value)
        return self.value


def middle_of(band: str, bands: Bands | None = None) -> float:
    """Return the middle of a band's span of scores."""
    bands = bands or Bands()
    edges = (0.0, bands.critical, bands.at_risk, bands.expansion, 100.0)
    place = SLUGS.index(band)
    return (edges[place] + edges[place + 1]) / 2


def judge(given: Given, *, happened: float) -> Judgement:
    """Say which of the override and the computed score at its start was nearer to what happened.

    A band is held against the middle of the band the computed score was in.
    """
    start, end = given.start, happened
    if given.kind == "band":
        plain = Bands().plain
        start, end = middle_of(SLUGS[plain(start)]), middle_of(SLUGS[plain(happened)])
    off, computed_off = abs(given.score - end), abs(start - end)
    if off == computed_off:
        return "even"
    return "nearer" if off < computed_off else "farther"
