"""The line of an account's scores over days, read by key and never by a span of partitions."""

import datetime as dt

from config.lib.once import once
from scoring.models import HealthDaily
from scoring.selectors.frames import ONE_DAY

#: A change is told against about seven weeks ago, or as near to it as there is a score.
COMPARED_DAYS = (48, 42, 35, 30, 21, 14, 7)
#: How far the line of an account page reaches.
LINE_DAYS = 90


def scores_by_day(
    *, account_id: int, last: dt.date, days: int, fill: bool = False
) -> list[float | None]:
    """Return the scores of `days` days up to `last`, oldest first; None where there is none.

    :param fill: a day that was never computed shows the score of the day before.
    """
    known = _known(account_id, last, days)
    line: list[float | None] = []
    for day in _days(last, days):
        line.append(known.get(day, line[-1] if fill and line else None))
    return line


def day_to_compare(*, account_id: int, last: dt.date) -> dt.date | None:
    """Return the day before `last` against which the change of the score is told."""
    known = _known(account_id, last, LINE_DAYS)
    wanted = (last - n * ONE_DAY for n in COMPARED_DAYS)
    return next((day for day in wanted if known.get(day) is not None), None)


def _known(account_id: int, last: dt.date, days: int) -> dict[dt.date, float | None]:
    rows = HealthDaily.objects.filter(account_id=account_id, day__in=_days(last, days))
    read = rows.values_list("day", "score")
    return once(f"scores.{account_id}.{last}.{days}", lambda: dict(read))


def _days(last: dt.date, days: int) -> list[dt.date]:
    return [last - n * ONE_DAY for n in range(days)][::-1]
