"""The time frame of a computation: what happened before t, as known at k, seen from which day.

The official run of day D has t = k = the midnight after D in the organisation's zone and is
labelled D. A provisional run has t = k = now and is labelled with today. Windows begin at a day
boundary, w whole days before the day of t, so that a score does not drop each morning.
"""

import datetime as dt
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import Organisation
from config.lib.workdays import WorkCalendar
from scoring.choices import RunKind

#: Business days are counted within so many days before and after the frame's day.
WORKDAYS_BACK, WORKDAYS_AHEAD = 800, 40
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Frame:
    """Facts before `t` known at `k`; `day` is the last day that counts, and the label."""

    kind: str
    t: dt.datetime
    k: dt.datetime
    day: dt.date
    anchor: dt.date
    zone: str
    country: str

    @property
    def is_official(self) -> bool:
        """Say whether this is the run that closes a day."""
        return self.kind == RunKind.OFFICIAL

    @property
    def known_on(self) -> dt.date:
        """Return the last day whose roll-ups are known at `k`."""
        return (self.k - dt.timedelta(microseconds=1)).astimezone(ZoneInfo(self.zone)).date()

    @cached_property
    def workdays(self) -> list[dt.date]:
        """Return the business days around the frame's day in order."""
        calendar = WorkCalendar(self.country)
        first = self.day - WORKDAYS_BACK * ONE_DAY
        days = (first + n * ONE_DAY for n in range(WORKDAYS_BACK + WORKDAYS_AHEAD))
        return [day for day in days if calendar.is_workday(day)]

    def business_days(self, start: dt.date, end: dt.date) -> int:
        """Return the business days after `start` up to and with `end`, as the SQL counts them."""
        return bisect_right(self.workdays, end) - bisect_right(self.workdays, start)

    def window(self, length: int | None, before: int) -> tuple[dt.date, dt.date]:
        """Return first and last day of a window that ends `before` days before today."""
        last = self.anchor - (before + 1) * ONE_DAY if before else self.day
        if length is None:
            return dt.date.min, last
        return self.anchor - (before + length) * ONE_DAY, last

    def parameters(self) -> dict[str, Any]:
        """Return what the compiled statements ask for, but for the account ids."""
        return {
            "t": self.t,
            "k": self.k,
            "day": self.day,
            "known_on": self.known_on,
            "zone": self.zone,
            "workdays": self.workdays,
        }


def official_frame(day: dt.date) -> Frame:
    """Return the frame that closes `day`."""
    zone, country = Organisation.objects.place()
    midnight = dt.datetime.combine(day + ONE_DAY, dt.time.min, ZoneInfo(zone))
    slot = midnight.astimezone(dt.UTC)
    return Frame(RunKind.OFFICIAL, slot, slot, day, day + ONE_DAY, zone, country)


def provisional_frame(at: dt.datetime) -> Frame:
    """Return the frame of an instant within a day."""
    zone, country = Organisation.objects.place()
    today = at.astimezone(ZoneInfo(zone)).date()
    return Frame(RunKind.PROVISIONAL, at, at, today, today, zone, country)


def frame_at(at: dt.datetime) -> Frame:
    """Return the official frame where `at` is a midnight of the organisation, else provisional."""
    zone, _ = Organisation.objects.place()
    local = at.astimezone(ZoneInfo(zone))
    if local.time() == dt.time.min:
        return official_frame(local.date() - ONE_DAY)
    return provisional_frame(at)
