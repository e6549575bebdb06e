"""The line of an account's scores over days, read by key and never by a span of partitions."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from config.lib.once import once
from scoring.domain.trend import Trend, trend
from scoring.models import HealthDaily
from scoring.selectors.frames import ONE_DAY

#: A change is told against about seven weeks ago, or as near to it as there is a score.
COMPARED_DAYS = (48, 42, 35, 30, 21, 14, 7)
#: Changes are told against so many days ago, the trend looks at so many days.
CHANGE_DAYS, TREND_DAYS, COURSE_DAYS = (7, 30, 90), 30, 91
#: Older days may be kept weekly: the nearest score of the week before stands in.
SLACK = 6


@dataclass(frozen=True)
class Newest:
    """The score a course ends with, and the version it was computed by."""

    day: dt.date
    score: float | None
    computed: float | None
    version_id: int | None


@dataclass(frozen=True)
class Course:
    """How an account got where it is.

    :param line: the scores of 91 days, oldest first; a day without one shows the day before.
    :param changes: days ago → change of the score since then; None where there was none.
    :param trend: of the computed score under the present version: an override and another
        scorecard are no trend of the customer's.
    """

    line: list[float | None]
    changes: Mapping[int, float | None]
    trend: Trend | None


def course_of(*, account_id: int, newest: Newest) -> Course:
    """Return line, changes and trend up to the newest score, in one query."""
    known = {**_known(account_id, newest.day), newest.day: newest}
    line: list[float | None] = []
    for ago in range(COURSE_DAYS - 1, -1, -1):
        found = known.get(newest.day - dt.timedelta(days=ago))
        line.append(found.score if found else line[-1] if line else None)
    return Course(
        line=line,
        changes={ago: _change(known, newest, ago) for ago in CHANGE_DAYS},
        trend=trend(_computed(known, newest)),
    )


def _change(known: Mapping[dt.date, Newest], newest: Newest, ago: int) -> float | None:
    if newest.score is None:
        return None
    for more in range(SLACK):
        then = known.get(newest.day - dt.timedelta(days=ago + more))
        if then is not None:
            return None if then.score is None else newest.score - then.score
    return None


def _computed(known: Mapping[dt.date, Newest], newest: Newest) -> Sequence[float | None]:
    days = [newest.day - dt.timedelta(days=ago) for ago in range(TREND_DAYS - 1, -1, -1)]
    found = [known.get(day) for day in days]
    return [row.computed if row and row.version_id == newest.version_id else None for row in found]


def day_to_compare(*, account_id: int, last: dt.date) -> dt.date | None:
    """Return the day before `last` against which the change of the score is told."""
    known = _known(account_id, last)
    wanted = (last - n * ONE_DAY for n in COMPARED_DAYS)
    return next((day for day in wanted if day in known and known[day].score is not None), None)


def _known(account_id: int, last: dt.date) -> Mapping[dt.date, Newest]:
    """Read the days before `last`, once a request."""
    wanted = [last - n * ONE_DAY for n in range(1, COURSE_DAYS + SLACK)]
    rows = HealthDaily.objects.filter(account_id=account_id, day__in=wanted)
    read = rows.values_list("day", "score", "computed", "version_id")
    return once(f"course.{account_id}.{last}", lambda: {row[0]: Newest(*row) for row in read})
