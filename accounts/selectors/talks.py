"""The talks with one account: what the map, the rhythm and promises of its page share."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Max
from django.db.models.functions import Coalesce

from accounts.choices import Direction
from accounts.models import Account, Touchpoint
from accounts.querysets import TouchpointQuerySet, at_or_merged_into
from config.lib.once import once


@dataclass(frozen=True)
class LastTalks:
    """The last instant of each direction, and of a two-way talk with each person."""

    by_direction: dict[str, dt.datetime]
    with_contact: dict[int, dt.datetime]


def talks_until(*, account: Account, user: Any, until: dt.datetime) -> TouchpointQuerySet:
    """Return the logged talks with an account up to an instant that the user may see.

    Those with accounts that went into it are among them.
    """
    talks: TouchpointQuerySet = Touchpoint.objects.visible_to(user).standing()
    return talks.filter(at_or_merged_into(account), occurred_at__lte=until)


def last_talks(*, account: Account, user: Any, until: dt.datetime) -> LastTalks:
    """Return when there last was a talk, by direction and by person, in one query a request."""
    rows = talks_until(account=account, user=user, until=until).order_by()
    person = Coalesce("contacts__merged_into", "contacts")
    latest = rows.values_list("direction", person).annotate(last=Max("occurred_at"))
    found = once(f"talks.{account.pk}.{user.pk}.{until}", lambda: list(latest))
    by_direction: dict[str, dt.datetime] = {}
    for way, _contact, last in found:
        by_direction[way] = max(last, by_direction.get(way, last))
    people = {pk: last for way, pk, last in found if pk and way == Direction.TWO_WAY}
    return LastTalks(by_direction, people)


def same_talk(touchpoint: Touchpoint, *, user: Any) -> TouchpointQuerySet:
    """Return the rows of the same talk at other accounts that the user may read and change.

    Those of a talk that was taken back are the ones taken back with it.
    """
    rows: TouchpointQuerySet = Touchpoint.objects.editable_by(user)
    readable = rows.readable_to(user)
    if touchpoint.group is None:
        return readable.none()
    together = {"group": touchpoint.group, "retracted_at": touchpoint.retracted_at}
    return readable.filter(**together).exclude(pk=touchpoint.pk).order_by("pk")
