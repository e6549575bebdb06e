"""By when a contract must be decided: the last day less the notice period.

Months are counted from the first day no longer covered, and one day is taken off at the end, so
that a contract to the end of a month is decided by the end of one: 30 November less three months
is 31 August. A contract that renews by itself goes on by whole years until notice is given.
The SQL function `accounts_decide_on` says the same.
"""

import calendar
import datetime as dt
from dataclasses import dataclass

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Decision:
    """The day to decide by, and the last day of the period it is about.

    :param years: by how many whole years the contract has renewed itself so far.
    """

    decide_on: dt.date
    last_day: dt.date
    years: int


def shift_months(day: dt.date, months: int) -> dt.date:
    """Return the day so many months later (earlier where negative), at most the month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def before_end(last_day: dt.date, months: int) -> dt.date:
    """Return the last day on which there are still `months` months of the contract to come."""
    return shift_months(last_day + ONE_DAY, -months) - ONE_DAY


def after_notice(notice_on: dt.date, months: int) -> dt.date:
    """Return the last day of a notice period that begins with the notice.

    The inverse of `before_end`: notice on 31 August with three months ends on 30 November.
    """
    return shift_months(notice_on + ONE_DAY, months) - ONE_DAY


def covered_until(
    *, ends_on: dt.date | None, auto_renews: bool, notice_on: dt.date | None, notice_months: int
) -> dt.date | None:
    """Return the last day a contract covers; None while nothing ends it.

    Notice stops a contract that renewed itself at the end of the year that was running when it
    came, and an open-ended one at the end of the notice period. The SQL function
    `accounts_covered_until` says the same.
    """
    if ends_on is None:
        return after_notice(notice_on, notice_months) if notice_on else None
    if auto_renews and notice_on is None:
        return None
    if not auto_renews or notice_on is None or notice_on <= ends_on:
        return ends_on
    years = max(0, notice_on.year - ends_on.year - 1)
    while (last := _decide_on(ends_on, 0, years)) < notice_on:
        years += 1
    return last


def decision(
    *, ends_on: dt.date | None, notice_months: int, goes_on: bool, today: dt.date
) -> Decision | None:
    """Return what is to be decided next; None for a contract without an end.

    :param goes_on: it renews by itself, and nobody has given notice.
    """
    if ends_on is None:
        return None
    years = 0
    while goes_on and _decide_on(ends_on, notice_months, years) < today:
        years += 1
    last_day = shift_months(ends_on + ONE_DAY, 12 * years) - ONE_DAY
    return Decision(_decide_on(ends_on, notice_months, years), last_day, years)


def _decide_on(ends_on: dt.date, notice_months: int, years: int) -> dt.date:
    return shift_months(ends_on + ONE_DAY, 12 * years - notice_months) - ONE_DAY
