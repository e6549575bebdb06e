"""A bound of a band that fits those who work below it: proposed, never set.

Whoever lies below the bound is to be taken up once a cycle. So many accounts fit: members ×
accounts a week each × weeks, or what the budget pays for, if that is less. The proposal is the
bound below which most accounts lie that still fit; of those that catch the same accounts, the
nearest to the present one, at most `FARTHEST` points away and between its neighbours.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scoring.domain.bands import Bands

BOUNDS = ("at_risk", "critical")
FARTHEST = 10


@dataclass(frozen=True)
class Room:
    """What a team can do: accounts a week each, in a cycle of so many weeks.

    :param cost: of taking an account up once; with it `budget` is what may be spent a week.
    """

    members: int
    per_week: float
    weeks: int
    cost: float | None = None
    budget: float | None = None

    @property
    def hands(self) -> int:
        """Return how many accounts the members can take up in a cycle."""
        return math.floor(self.members * self.per_week * self.weeks)

    @property
    def paid(self) -> int | None:
        """Return how many accounts the budget of a cycle pays for; None where nothing limits it."""
        if not self.cost or self.budget is None:
            return None
        return math.floor(self.budget * self.weeks / self.cost)

    @property
    def accounts(self) -> int:
        """Return how many accounts fit into a cycle."""
        return self.hands if self.paid is None else min(self.hands, self.paid)

    def spent(self, accounts: int) -> float | None:
        """Return what so many accounts cost a week."""
        return None if self.cost is None else accounts * self.cost / self.weeks


@dataclass(frozen=True)
class Below:
    """How many accounts lie below a bound, and their ARR."""

    bound: float
    accounts: int
    arr: float


@dataclass(frozen=True)
class Proposal:
    """The bound as it is and as it would fit; `fits` says whether those below it do."""

    now: Below
    then: Below
    fits: bool

    @property
    def is_change(self) -> bool:
        """Say whether the bound would move."""
        return self.then.bound != self.now.bound


def bounds_to_try(bands: Bands, bound: str) -> list[float]:
    """Return the present bound and the whole numbers it could move to, in order."""
    now = float(getattr(bands, bound))
    low = 0.0 if bound == "critical" else bands.critical
    high = bands.at_risk if bound == "critical" else bands.expansion
    near = range(math.ceil(now - FARTHEST), math.floor(now + FARTHEST) + 1)
    return sorted({now, *(float(n) for n in near if low < n < high)})


def propose(steps: Sequence[Below], *, now: float, room: int) -> Proposal:
    """Choose among bounds, the present one being one of them.

    Where not even the lowest leaves few enough below it, that one is proposed and does not fit.
    """
    present = next(step for step in steps if step.bound == now)
    fitting = [step for step in steps if step.accounts <= room]
    if not fitting:
        return Proposal(present, min(steps, key=lambda step: step.bound), fits=False)
    best = max(fitting, key=lambda step: (step.accounts, -abs(step.bound - now), step.bound))
    return Proposal(present, best, fits=True)
