"""Write the milestones of onboarding: planned from the first day, reached in time or later."""

import datetime as dt
import random
from collections.abc import Sequence
from typing import Any

from accounts.models import OnboardingMilestone
from accounts.services.milestones import shipped_milestones
from config.demo.load import Member, at
from config.lib.workdays import WorkCalendar

#: Who began longer ago than the demo remembers has no milestones in it.
REMEMBERED = 400


def load_onboarding(members: Sequence[Member]) -> None:
    """Insert the shipped milestones of customers that began within the last year or so."""
    calendar, shipped = WorkCalendar("JP"), shipped_milestones()
    rows = [
        _milestone(member, step, calendar, late)
        for member in members
        if member.story.arr and member.story.since <= REMEMBERED
        for late in [_lateness(member)]
        for step in shipped
    ]
    OnboardingMilestone.objects.bulk_create(rows, batch_size=2000)


def _lateness(member: Member) -> int:
    """Return by how many days this customer reaches its milestones late: the lively ones don't."""
    rng = random.Random(f"{member.story.key}:onboarding")  # noqa: S311 - must be repeatable
    return rng.randint(-2, 1) if member.story.life.share >= 0.5 else rng.randint(2, 12)


def _milestone(
    member: Member, step: dict[str, Any], calendar: WorkCalendar, late: int
) -> OnboardingMilestone:
    due_on = calendar.add_workdays(member.first, step["workdays"])
    done_on = max(member.first, due_on + dt.timedelta(days=late))
    is_done = done_on < (member.ended or member.today)
    return OnboardingMilestone(
        account=member.account,
        key=step["key"],
        label_en=step["label_en"],
        label_ja=step["label_ja"],
        is_first_value=step.get("is_first_value", False),
        due_on=due_on,
        done_on=done_on if is_done else None,
        recorded_at=at(done_on if is_done else member.first, 18),
    )
