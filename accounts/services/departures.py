"""What becomes of a person's parts when they leave their post, and when they stay after all."""

import datetime as dt
from typing import Any

from accounts.choices import ContactState
from accounts.models import Contact, StakeholderRole
from accounts.services.facts import end_fact, put_fact, retract_fact, revise_fact

GONE = {ContactState.LEFT, ContactState.TRANSFERRED}


def hand_over(contact: Contact, *, on: dt.date, at: dt.datetime) -> None:
    """End the parts of a person on day `on`; the successor, if known, takes them up unconfirmed."""
    for part in StakeholderRole.objects.filter(contact=contact).current().order_by("pk"):
        if part.ends_on is not None and part.ends_on < on:
            continue
        end_fact(part, on=on, at=at)
        if contact.successor is not None:
            owner = {"contact": contact.successor, "role": part.role}
            values = {"account": contact.account, "confirmed_on": None}
            _take_up(owner, values, on=on, at=at)


def call_off(contact: Contact, *, on: dt.date, at: dt.datetime) -> None:
    """Give parts back that were to end on day `on`, which never came."""
    ending = StakeholderRole.objects.filter(contact=contact, ends_on=on).current().order_by("pk")
    for part in ending:
        revise_fact(part, ends_on=None, at=at)
        if contact.successor is not None:
            inherited = StakeholderRole.objects.filter(
                contact=contact.successor, role=part.role, starts_on=on, confirmed_on=None
            )
            for taken in inherited.current():
                retract_fact(taken, at=at)
            _touch(contact.successor, at=at)


def _take_up(
    owner: dict[str, Any], values: dict[str, Any], *, on: dt.date, at: dt.datetime
) -> None:
    """Give a part unless the successor plays it already, confirmed or not."""
    plays = StakeholderRole.objects.filter(**owner).current().holding_on(on)
    if not plays.exists():
        put_fact(StakeholderRole, owner=owner, values=values, on=on, at=at)
        _touch(owner["contact"], at=at)


def _touch(successor: Contact, *, at: dt.datetime) -> None:
    Contact.objects.filter(pk=successor.pk).update(updated_at=at)
