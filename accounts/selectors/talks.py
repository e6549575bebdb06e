"""The talks with one account: what the map, the rhythm and promises of its page share."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from accounts.choices import Direction
from accounts.models import Account, Touchpoint
from accounts.querysets import TouchpointQuerySet
from config.lib.once import once


@dataclass(frozen=True)
class LastTalks:
    """The last instant of each direction, and of a two-way talk with each person."""

    by_direction: dict[str, dt.datetime]
    with_contact: dict[int, dt.datetime]


def talks_until(*, account: Account, user: Any, until: dt.datetime) -> TouchpointQuerySet:
    """Return the logged talks with an account up to an instant that the user may see."""
    talks: TouchpointQuerySet = Touchpoint.objects.visible_to(user).standing()
    return talks.filter(account=account, occurred_at__lte=until)


def last_talks(*, account: Account, user: Any, until: dt.datetime) -> LastTalks:
    """Return when there last was a talk, by direction and by person, in one query a request."""
    rows = talks_until(account=account, user=user, until=until).order_by()
    latest = rows.values_list("direction", "contacts").annotate(last=Max("occurred_at"))
    found = once(f"talks.{account.pk}.{user.pk}.{until}", lambda: list(latest))
    by_direction: dict[str, dt.datetime] = {}
    for way, _contact, last in found:
        by_direction[way] = max(last, by_direction.get(way, last))
    people = {pk: last for way, pk, last in found if pk and way == Direction.TWO_WAY}
    return LastTalks(by_direction, people)
