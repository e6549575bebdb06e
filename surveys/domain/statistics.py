"""Net Promoter Score and proportions, each with the interval that says how little a few answers
tell. Worked numbers: docs/algorithms/nps.md.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

Z_95 = 1.959964
PROMOTER_FROM = 9
DETRACTOR_TO = 6
INDICATIVE_BELOW = 20


@dataclass(frozen=True)
class Nps:
    """Promoters minus detractors in points (−100 … 100). Of nothing there is no score, never 0."""

    n: int
    promoters: int
    detractors: int
    score: float | None
    low: float | None
    high: float | None

    @property
    def passives(self) -> int:
        """Return how many answered 7 or 8."""
        return self.n - self.promoters - self.detractors

    @property
    def is_indicative(self) -> bool:
        """Tell whether there are too few answers to rank or compare by them."""
        return self.n < INDICATIVE_BELOW


@dataclass(frozen=True)
class Proportion:
    """A share of answers in [0, 1] with its interval; of nothing there is none."""

    n: int
    hits: int
    share: float | None
    low: float | None
    high: float | None


def nps(scores: Iterable[int]) -> Nps:
    """Compute the NPS of answers on 0–10.

    :raises ValueError: for a score outside 0–10.
    """
    given = list(scores)
    if any(not 0 <= score <= 10 for score in given):
        raise ValueError("a score lies outside 0 to 10")
    return nps_of_counts(
        n=len(given),
        promoters=sum(score >= PROMOTER_FROM for score in given),
        detractors=sum(score <= DETRACTOR_TO for score in given),
    )


def nps_of_counts(*, n: int, promoters: int, detractors: int, z: float = Z_95) -> Nps:
    """Compute the NPS with its adjusted Wald interval (Bonett and Price; three answers added).

    n' = n + 3, p' = (P + ¾)/n', d' = (D + ¾)/n', centre = p' − d',
    half-width = z·√((p' + d' − centre²)/n'), clipped to ±100. The point is the ordinary NPS; of one
    answer it lies outside, and the interval reaches as far as the point.

    :raises ValueError: when the counts don't fit together.
    """
    if min(n, promoters, detractors) < 0 or promoters + detractors > n:
        raise ValueError("counts of promoters and detractors exceed the number of answers")
    if n == 0:
        return Nps(0, 0, 0, None, None, None)
    more = n + 3
    p, d = (promoters + 0.75) / more, (detractors + 0.75) / more
    centre = p - d
    half = z * math.sqrt((p + d - centre**2) / more)
    score = 100 * (promoters - detractors) / n
    return Nps(
        n=n,
        promoters=promoters,
        detractors=detractors,
        score=score,
        low=max(-100.0, min(score, 100 * (centre - half))),
        high=min(100.0, max(score, 100 * (centre + half))),
    )


def proportion(*, n: int, hits: int, z: float = Z_95) -> Proportion:
    """Compute a share with its Wilson score interval: top boxes, response rates.

    :raises ValueError: when there are more hits than answers.
    """
    if not 0 <= hits <= n:
        raise ValueError("more hits than answers")
    if n == 0:
        return Proportion(0, 0, None, None, None)
    share = hits / n
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    low = 0.0 if hits == 0 else max(0.0, centre - half)
    high = 1.0 if hits == n else min(1.0, centre + half)
    return Proportion(n=n, hits=hits, share=share, low=low, high=high)
