"""Periods of a report: months, quarters, halves and years of a fiscal year that starts anywhere.

Codes: `2026-11` a month, `FY2026` the fiscal year that begins in 2026, `FY2026-H1` and `FY2026-Q3`
parts of it, `12m` the twelve months that end today.
"""

import datetime as dt
import re
from dataclasses import dataclass

from accounts.domain.renewals import ONE_DAY, shift_months

ROLLING = "12m"
MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12, "rolling": 12}
_FISCAL = re.compile(r"FY(\d{4})(?:-([HQ])([1-4]))?")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
FIRST_YEAR, LAST_YEAR = 1950, 2150


@dataclass(frozen=True)
class Period:
    """Days from `first` to `last`; `year` is the fiscal year's, or the month's, `part` its number.

    A figure compares the day before the first, the opening, with the last, the closing.
    """

    code: str
    kind: str
    first: dt.date
    last: dt.date
    year: int
    part: int = 0

    @property
    def opening(self) -> dt.date:
        """Return the day the period is measured from."""
        return self.first - ONE_DAY


def parse_period(code: str, *, fiscal_month: int, today: dt.date) -> Period | None:
    """Return the period a code names; None for what is no code.

    :param fiscal_month: the month, 1–12, in which fiscal years begin.
    """
    if code == ROLLING:
        return _rolling(today)
    if found := _MONTH.fullmatch(code):
        year, month = int(found[1]), int(found[2])
        if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
            return None
        return _period("month", dt.date(year, month, 1), year, month)
    found = _FISCAL.fullmatch(code)
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return None
    year, letter, number = int(found[1]), found[2], int(found[3] or 0)
    kind = {"H": "half", "Q": "quarter", None: "year"}[letter]
    if kind == "half" and number > 2:
        return None
    start = dt.date(year, fiscal_month, 1)
    return _period(kind, shift_months(start, max(number - 1, 0) * MONTHS[kind]), year, number)


def fiscal_year_of(day: dt.date, *, fiscal_month: int) -> int:
    """Return the fiscal year a day belongs to, named after the year it begins in."""
    return day.year if day.month >= fiscal_month else day.year - 1


def period_of(day: dt.date, kind: str, *, fiscal_month: int) -> Period:
    """Return the period of a kind that a day falls into."""
    if kind == "rolling":
        return _rolling(day)
    if kind == "month":
        return _period("month", day.replace(day=1), day.year, day.month)
    year = fiscal_year_of(day, fiscal_month=fiscal_month)
    part = ((day.month - fiscal_month) % 12) // MONTHS[kind]
    start = shift_months(dt.date(year, fiscal_month, 1), part * MONTHS[kind])
    return _period(kind, start, year, 0 if kind == "year" else part + 1)


def period_before(period: Period, *, fiscal_month: int) -> Period:
    """Return the period of the same kind that ends where this one begins."""
    if period.kind == "rolling":
        return _rolling(period.opening)
    return period_of(period.opening, period.kind, fiscal_month=fiscal_month)


def month_ends(first: dt.date, last: dt.date) -> list[dt.date]:
    """Return the last days of months from `first`'s to `last`, and `last` itself."""
    ends, month = [], first.replace(day=1)
    while (end := shift_months(month, 1) - ONE_DAY) < last:
        ends.append(end)
        month = shift_months(month, 1)
    return [*ends, last]


def _rolling(today: dt.date) -> Period:
    """Return the year up to a day: the opening is the same day a year ago."""
    first = shift_months(today, -12) + ONE_DAY
    return Period(ROLLING, "rolling", first, today, today.year)


def _period(kind: str, first: dt.date, year: int, part: int) -> Period:
    last = shift_months(first, MONTHS[kind]) - ONE_DAY
    codes = {
        "month": f"{year}-{part:02}",
        "quarter": f"FY{year}-Q{part}",
        "half": f"FY{year}-H{part}",
        "year": f"FY{year}",
    }
    return Period(codes[kind], kind, first, last, year, part)
