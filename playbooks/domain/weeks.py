"""Under which heading a day falls, seen from today; weeks begin on Monday."""

import datetime as dt

A_WEEK = dt.timedelta(days=7)


def day_group(day: dt.date, *, today: dt.date) -> str:
    """Return a value of `DayGroup`: overdue, today, this_week, next_week or later."""
    next_monday = today - dt.timedelta(days=today.weekday()) + A_WEEK
    if day <= today:
        return "today" if day == today else "overdue"
    if day < next_monday:
        return "this_week"
    return "next_week" if day < next_monday + A_WEEK else "later"
