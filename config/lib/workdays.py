"""Business days: which days people work, and counting in them.

A country's public holidays come from the `holidays` package, its weekend too; a company closes on
further days of the year (in Japan 29 December to 3 January by default). Everything here is pure.

Counting: day +0 of a start is the start itself, or the next business day when nobody works on it;
day +n is n business days after that, day -n before. So `add(add(d, a), b) == add(d, a + b)`, two
steps with different offsets never fall on the same day, and -5 from a Sunday is the fifth business
day before it.
"""

import datetime as dt
from dataclasses import dataclass
from functools import cache, cached_property

import holidays

#: A calendar that offers no business day in so many days is refused instead of searched forever.
LONGEST_CLOSURE = dt.timedelta(days=366)
ONE_DAY = dt.timedelta(days=1)


class NoWorkdays(ValueError):
    """The calendar has no business day within a year."""


@dataclass(frozen=True)
class Closure:
    """Days of every year on which the company is closed, both ends included; may span New Year.

    :param first: month and day, such as (12, 29).
    """

    first: tuple[int, int]
    last: tuple[int, int]

    def covers(self, day: dt.date) -> bool:
        """Say whether the company is closed on `day`."""
        month_day = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= month_day <= self.last
        return month_day >= self.first or month_day <= self.last


YEAR_END = Closure((12, 29), (1, 3))
#: Japanese banks are closed on fewer days than companies: the last day of the year and three more.
BANKS_NEW_YEAR = Closure((12, 31), (1, 3))
BANK_CLOSURES: dict[str, tuple[Closure, ...]] = {"JP": (BANKS_NEW_YEAR,)}
#: What companies of a country usually add to its public holidays.
USUAL_CLOSURES: dict[str, tuple[Closure, ...]] = {"JP": (YEAR_END,)}


@dataclass(frozen=True)
class WorkCalendar:
    """The business days of a country (ISO 3166 code) less company closures.

    A country the `holidays` package does not know has Saturdays and Sundays off and no holidays.
    """

    country: str = "JP"
    closures: tuple[Closure, ...] | None = None

    @cached_property
    def _closed(self) -> tuple[Closure, ...]:
        return USUAL_CLOSURES.get(self.country, ()) if self.closures is None else self.closures

    def is_workday(self, day: dt.date) -> bool:
        """Say whether people work on `day`."""
        if day.weekday() in _weekend(self.country) or day in _holidays(self.country, day.year):
            return False
        return not any(closure.covers(day) for closure in self._closed)

    def next_workday(self, day: dt.date) -> dt.date:
        """Return `day`, or the first business day after it when nobody works on it.

        :raises NoWorkdays: when there is none within a year.
        """
        return self._search(day, ONE_DAY)

    def add_workdays(self, start: dt.date, n: int) -> dt.date:
        """Return day +n of `start` in business days; see the module for how days are counted.

        :raises NoWorkdays: when the calendar is closed for a year.
        """
        day = self.next_workday(start)
        step = ONE_DAY if n > 0 else -ONE_DAY
        for _ in range(abs(n)):
            day = self._search(day + step, step)
        return day

    def workdays_between(self, start: dt.date, end: dt.date) -> int:
        """Return the n for which day +n of `start` is day +0 of `end`; negative if end is before.

        This is the number of business days in [start, end).
        """
        if end < start:
            return -self.workdays_between(end, start)
        days = (start + dt.timedelta(days=n) for n in range((end - start).days))
        return sum(self.is_workday(day) for day in days)

    def _search(self, day: dt.date, step: dt.timedelta) -> dt.date:
        searched = day
        while not self.is_workday(searched):
            searched += step
            if abs(searched - day) > LONGEST_CLOSURE:
                raise NoWorkdays(f"{self.country}: no business day within a year of {day}")
        return searched


def bank_calendar(country: str) -> WorkCalendar:
    """Return the days on which banks of a country carry out payments."""
    return WorkCalendar(country, BANK_CLOSURES.get(country, ()))


@cache
def _holidays(country: str, year: int) -> frozenset[dt.date]:
    if country not in _countries():
        return frozenset()
    return frozenset(holidays.country_holidays(country, years=year))


@cache
def _weekend(country: str) -> frozenset[int]:
    if country not in _countries():
        return frozenset({5, 6})
    return frozenset(holidays.country_holidays(country).weekend)


@cache
def _countries() -> frozenset[str]:
    return frozenset(holidays.list_supported_countries())
