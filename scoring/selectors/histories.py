"""The line of an account's scores over days, read by key and never by a span of partitions."""

import datetime as dt

from scoring.models import HealthDaily
from scoring.selectors.frames import ONE_DAY

#: A change is told against about seven weeks ago, or as near to it as there is a score.
COMPARED_DAYS = (48, 42, 35, 30, 21, 14, 7)


def scores_by_day(
    *, account_id: int, last: dt.date, days: int, fill: bool = False
) -> list[float | None]:
    """Return the scores of `days` days up to `last`, oldest first; None where there is none.

    :param fill: a day that was never computed shows the score of the day before.
    """
    wanted = [last - n * ONE_DAY for n in range(days)][::-1]
    known = dict(
        HealthDaily.objects.filter(account_id=account_id, day__in=wanted).values_list(
            "day", "score"
        )
    )
    line: list[float | None] = []
    for day in wanted:
        line.append(known.get(day, line[-1] if fill and line else None))
    return line


def day_to_compare(*, account_id: int, last: dt.date) -> dt.date | None:
    """Return the day before `last` against which the change of the score is told."""
    wanted = [last - n * ONE_DAY for n in COMPARED_DAYS]
    return (
        HealthDaily.objects.filter(account_id=account_id, day__in=wanted, score__isnull=False)
        .order_by("day")
        .values_list("day", flat=True)
        .first()
    )
