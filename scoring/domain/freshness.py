"""How much an observation still counts: fully up to T1, linear to nothing at T2."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

#: `window`: the value stands as stored. `clock`: days from `seen` to today, divided by the value.
#: `work_clock`: the same in business days.
Reckoning = Literal["window", "clock", "work_clock"]
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
    if reckoning == "window":
        return Reading(value, 0.0 if seen is None else max(0.0, float((day - seen).days)))
    if seen is None or value == 0:
        return MISSING
    days = business_days(seen, day) if reckoning == "work_clock" else (day - seen).days
    return Reading(days / value)


def freshness(age: float, *, fresh_days: float | None, gone_days: float | None) -> float:
    """Return 1 up to `fresh_days`, falling in a line to 0 at `gone_days`; None never ages."""
    if fresh_days is None or gone_days is None:
        return 1.0
    return min(1.0, max(0.0, (gone_days - age) / (gone_days - fresh_days)))
