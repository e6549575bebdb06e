"""Let the product itself live through the past: official runs, playbooks, work done on time.

Nothing here writes a score or a task by hand; both come from the facts by the same services as in
every installation, as known on each of the days.
"""

import datetime as dt
import random
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection
from django.db.models import F

from accounts.models import DirtyAccount, Segment, SegmentMembership
from accounts.services.segments import refresh_memberships
from config.demo.judgements import judge_on
from config.demo.load import MEMORY, at
from playbooks.models import Task
from playbooks.services.act_on_transitions import act_on_transitions
from playbooks.services.steps import open_due_steps
from playbooks.services.tasks import complete_task
from scoring.models import HealthTransition
from scoring.services.cohorts import freeze_week
from scoring.services.runs import recompute_health

#: Days computed one by one; before them one run a week, and every other week of what is older.
DAILY, WEEKLY = 60, 365
#: Days back from which playbooks react; older changes of band are history only.
ACTIVE = 45
#: The first weeks give no score worth keeping: windows are still empty.
WARM_UP = 60


def live_through(*, today: dt.date, now: dt.datetime, seed: int, say: Callable[[str], Any]) -> None:
    """Compute the past days in order, then now; playbooks act and people work on the way."""
    rng = random.Random(f"{seed}:work")  # noqa: S311 - the demo must be repeatable
    judging = random.Random(f"{seed}:judgements")  # noqa: S311
    days = list(_days(today))
    start = today - dt.timedelta(days=MEMORY)
    segments = _begin_segments(at=at(days[0] + dt.timedelta(days=1), 0))
    with connection.cursor() as cursor:
        cursor.execute("SELECT scoring_add_health_months(%s, %s)", [start, today])
    for number, day in enumerate(days, start=1):
        slot = at(day + dt.timedelta(days=1), 0)
        recompute_health(at=slot)
        refresh_memberships(segments=segments, at=slot)
        judge_on(day + dt.timedelta(days=1), today=today, rng=judging)
        freeze_week(at=slot)
        acted = slot + dt.timedelta(minutes=15)
        if (today - day).days > ACTIVE:
            HealthTransition.objects.filter(acted_at=None).update(acted_at=F("at"))
        else:
            act_on_transitions(at=acted)
            open_due_steps(at=acted)
            _work(day, rng)
        if number % 10 == 0 or number == len(days):
            say(f"\rHealth of past days: {number} of {len(days)}")
    say("\n")
    recompute_health(at=now)
    refresh_memberships(segments=segments, at=now)
    act_on_transitions(at=now)
    open_due_steps(at=now)
    DirtyAccount.objects.filter(since__lte=now).delete()


def _begin_segments(*, at: dt.datetime) -> list[Segment]:
    """Let the segments that ask for health alone begin in the past: health is lived through."""
    segments = list(Segment.objects.filter(stage="scoring", archived_at=None))
    SegmentMembership.objects.filter(segment__in=segments).delete()
    Segment.objects.filter(pk__in=[one.pk for one in segments]).update(created_at=at)
    return segments


def _days(today: dt.date) -> Iterator[dt.date]:
    for ago in range(MEMORY - WARM_UP, 0, -1):
        if ago <= DAILY or ago % (7 if ago <= WEEKLY else 14) == 0:
            yield today - dt.timedelta(days=ago)


def _work(day: dt.date, rng: random.Random) -> None:
    """Let people complete most of what fell due by this day, a few things late or never."""
    for task in Task.objects.filter(status="open", due_on__lte=day).order_by("pk"):
        if day.weekday() < 5 and rng.random() < 0.3:
            complete_task(task=task, by=task.assignee, at=at(day, 15))
