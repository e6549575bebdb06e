"""How much an observation still counts: fully up to T1, linear to nothing at T2."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

#: What was halved that often is nothing; a database refuses what is still less.
MOST_HALVINGS = 300


@dataclass(frozen=True)
class Decay:
    """The value is what it was on the day `seen`, halved every `half_life` days since.

    One that `ages` also loses freshness from that day on.
    """

    half_life: float
    ages: bool = True

    def left(self, days: float) -> float:
        """Return which share is left after so many days."""
        return float(2 ** -min(days / self.half_life, MOST_HALVINGS))


#: `window`: the value stands as stored. `clock`: days from `seen` to today, divided by the value;
#: without a date the clock is stopped and the value is the reading. `work_clock`: the same in
#: business days.
Reckoning = Literal["window", "clock", "work_clock"] | Decay
BusinessDays = Callable[[dt.date, dt.date], int]


@dataclass(frozen=True)
class Reading:
    """What a metric says on a day: its value (None is missing) and its age in days."""

    x: float | None
    age: float = 0.0


MISSING = Reading(None)


def read_metric(
    reckoning: Reckoning,
    value: float | None,
    seen: dt.date | None,
    *,
    day: dt.date,
    business_days: BusinessDays,
) -> Reading:
    """Turn a stored pair, which does not move with the clock, into the reading of a day."""
    if value is None:
        return MISSING
    age = 0.0 if seen is None else max(0.0, float((day - seen).days))
    if isinstance(reckoning, Decay):
        return Reading(value * reckoning.left(age), age if reckoning.ages else 0.0)
    if reckoning == "window":
        return Reading(value, age)
    if seen is None:
        return Reading(value)
    if value == 0:
        return MISSING
    days = business_days(seen, day) if reckoning == "work_clock" else (day - seen).days
    return Reading(days / value)


def freshness(age: float, *, fresh_days: float | None, gone_days: float | None) -> float:
    """Return 1 up to `fresh_days`, falling in a line to 0 at `gone_days`; None never ages."""
    if fresh_days is None or gone_days is None:
        return 1.0
    return min(1.0, max(0.0, (gone_days - age) / (gone_days - fresh_days)))
