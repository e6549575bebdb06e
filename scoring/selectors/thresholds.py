"""How many accounts lie below a bound now, against how many their teams can take up."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, FloatField, Q, Sum, Value, When
from django.db.models.functions import Cast, Coalesce

from accounts.models import Account, TeamMembership
from scoring.domain.thresholds import Below, Proposal, Room, bounds_to_try, propose
from scoring.models import ScorecardVersion
from scoring.selectors.amounts import rates_on, reporting_currency
from scoring.selectors.scorecard_pages import judged_now
from scoring.selectors.scorecards import read_definition

#: Roles whose holders take accounts up.
WORKING = ("member", "manager")


@dataclass(frozen=True)
class Asked:
    """What is asked: which bound, what each member can do, what it may cost.

    :param members: None counts those of the teams whose accounts the scorecard judges.
    """

    bound: str
    per_week: float
    weeks: int
    members: int | None = None
    cost: float | None = None
    budget: float | None = None


@dataclass(frozen=True)
class Answer:
    """A proposal, the room it is held against, every bound that was tried, and of whom.

    :param judged: accounts with a score by the acting version; `currency` is the one of amounts.
    """

    asked: Asked
    proposal: Proposal
    room: Room
    steps: Sequence[Below]
    judged: int
    currency: str


def propose_threshold(*, version: ScorecardVersion, asked: Asked, on: dt.date) -> Answer | None:
    """Propose a bound from today's scores of the accounts the scorecard judges; four queries.

    None where it judges nobody yet, or none of the teams has anybody.
    """
    bands = read_definition(version).bands
    now = float(getattr(bands, asked.bound))
    is_within = bool(getattr(bands, f"{asked.bound}_includes"))
    steps, judged = _steps(version, bounds_to_try(bands, asked.bound), is_within, on)
    members = _members(version) if asked.members is None else asked.members
    if not judged or not members:
        return None
    room = Room(members, asked.per_week, asked.weeks, asked.cost, asked.budget)
    proposal = propose(steps, now=now, room=room.accounts)
    return Answer(asked, proposal, room, steps, judged, reporting_currency())


def _steps(
    version: ScorecardVersion, bounds: Sequence[float], is_within: bool, on: dt.date
) -> tuple[list[Below], int]:
    """Count who lies below each bound, or exactly at it where that is within the band."""
    test = "score__lte" if is_within else "score__lt"
    rates = [When(account__currency=code, then=Value(rate)) for code, rate in rates_on(on).items()]
    rate = Case(*rates, default=Value(0.0), output_field=FloatField())
    arr = Cast("account__arr", FloatField()) * rate
    figures: dict[str, Any] = {"judged": Count("pk")}
    for n, bound in enumerate(bounds):
        below = Q(**{test: bound})
        figures[f"n{n}"] = Count("pk", filter=below)
        figures[f"arr{n}"] = Coalesce(Sum(arr, filter=below), 0.0)
    row = judged_now().filter(version__scorecard=version.scorecard_id, score__isnull=False)
    found = row.aggregate(**figures)
    steps = [Below(bound, found[f"n{n}"], found[f"arr{n}"]) for n, bound in enumerate(bounds)]
    return steps, found["judged"]


def _members(version: ScorecardVersion) -> int:
    """Count who works in the teams whose accounts the scorecard judges."""
    judged = judged_now().filter(version__scorecard=version.scorecard_id)
    teams = Account.objects.filter(pk__in=judged.values("pk")).values("team_id")
    return (
        TeamMembership.objects.filter(team__in=teams, user__is_active=True, user__role__in=WORKING)
        .values("user")
        .distinct()
        .count()
    )
