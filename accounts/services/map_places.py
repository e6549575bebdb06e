"""A person's whole place on the stakeholder map, changed at once and taken back at once."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from accounts.choices import RelationKind
from accounts.models import (
    Account,
    Contact,
    ContactStanding,
    Organisation,
    StakeholderRelation,
    StakeholderRole,
    User,
)
from accounts.services.authors import written_by
from accounts.services.contacts import create_contact, update_contact
from accounts.services.stakeholders import (
    assign_role,
    confirm_role,
    end_relation,
    end_role,
    relate,
    set_standing,
)


@dataclass(frozen=True)
class MapPlace:
    """What a person is to us from a day on: parts, standing, and their lines to others."""

    roles: Collection[str] = ()
    stance: str = ""
    influence: str = ""
    strength: str = ""
    reports_to: Contact | None = None
    influences: Collection[Contact] = ()
    conflicts: Collection[Contact] = ()


def place_of(contact: Contact, *, day: dt.date) -> MapPlace:
    """Return a person's place on a day."""
    standing = ContactStanding.objects.filter(contact=contact).current().holding_on(day).first()
    lines = _lines(contact, day)
    above = [line.to_contact for line in lines if line.kind == RelationKind.REPORTS_TO]
    return MapPlace(
        roles=[part.role for part in _parts(contact, day)],
        stance=standing.stance if standing else "",
        influence=standing.influence if standing else "",
        strength=standing.strength if standing else "",
        reports_to=above[0] if above else None,
        influences=[line.to_contact for line in lines if line.kind == RelationKind.INFLUENCES],
        conflicts=[
            line.to_contact if line.from_contact_id == contact.pk else line.from_contact
            for line in _lines(contact, day, both_ways=True)
            if line.kind == RelationKind.CONFLICTS
        ],
    )


def place_contact(
    *,
    contact: Contact,
    place: MapPlace,
    at: dt.datetime,
    on: dt.date | None = None,
    is_confirmed: bool = False,
    by: User | None = None,
    **notes: str,
) -> Contact:
    """Put a person in their place from day `on`; what stays the same is not written.

    :param is_confirmed: the parts were confirmed on that day.
    :param notes: `approach` and `message` for the person.
    :raises ReportingCircle: where the person's new senior reports to them.
    :raises ForeignContact: for somebody of another account.
    """
    on = on or Organisation.objects.day_of(at)
    with written_by(by):
        before = place_of(contact, day=on)
        if any(getattr(contact, name) != note for name, note in notes.items()):
            contact = update_contact(contact=contact, changes=notes, at=at)
        _put_roles(contact, set(place.roles), on=on, at=at, is_confirmed=is_confirmed)
        standing = {name: getattr(place, name) for name in ("stance", "influence", "strength")}
        if any(getattr(before, name) != value for name, value in standing.items()):
            set_standing(contact=contact, on=on, at=at, **standing)
        _draw_lines(contact, before, place, on=on, at=at)
    return contact


def add_contact(
    *,
    account: Account,
    at: dt.datetime,
    roles: Collection[str] = (),
    by: User | None = None,
    **fields: Any,
) -> Contact:
    """Introduce a person with the parts they play, confirmed on the day it is said.

    :raises EmailTaken: when another contact of the account has the address.
    """
    with written_by(by):
        contact = create_contact(account=account, at=at, **fields)
        today = Organisation.objects.day_of(at)
        for role in roles:
            assign_role(contact=contact, role=role, on=today, confirmed_on=today, at=at)
    return contact


def confirm_roles(
    *, contact: Contact, at: dt.datetime, role: str = "", by: User | None = None
) -> None:
    """Confirm the parts a person plays today, all of them or one."""
    with written_by(by):
        for part in _parts(contact, Organisation.objects.day_of(at)):
            if role in {"", part.role}:
                confirm_role(stakeholder=part, at=at)


def _put_roles(
    contact: Contact, roles: set[str], *, on: dt.date, at: dt.datetime, is_confirmed: bool
) -> None:
    held = {part.role: part for part in _parts(contact, on)}
    for role in sorted(roles - set(held)):
        confirmed_on = on if is_confirmed else None
        assign_role(contact=contact, role=role, on=on, confirmed_on=confirmed_on, at=at)
    for role, part in held.items():
        if role not in roles:
            end_role(stakeholder=part, on=on, at=at)
        elif is_confirmed:
            confirm_role(stakeholder=part, on=on, at=at)


def _draw_lines(
    contact: Contact, before: MapPlace, place: MapPlace, *, on: dt.date, at: dt.datetime
) -> None:
    wanted = {
        RelationKind.REPORTS_TO: _ids([place.reports_to] if place.reports_to else []),
        RelationKind.INFLUENCES: _ids(place.influences),
        RelationKind.CONFLICTS: _ids(place.conflicts),
    }
    held = {
        RelationKind.REPORTS_TO: _ids([before.reports_to] if before.reports_to else []),
        RelationKind.INFLUENCES: _ids(before.influences),
        RelationKind.CONFLICTS: _ids(before.conflicts),
    }
    for line in _lines(contact, on, both_ways=True):
        other = line.to_contact if line.from_contact_id == contact.pk else line.from_contact
        mine = line.from_contact_id == contact.pk or line.kind == RelationKind.CONFLICTS
        if mine and other.pk not in wanted[RelationKind(line.kind)]:
            end_relation(relation=line, on=on, at=at)
    for kind, others in wanted.items():
        for pk in sorted(set(others) - set(held[kind])):
            relate(from_contact=contact, to_contact=others[pk], kind=kind, on=on, at=at)


def _ids(people: Collection[Contact]) -> dict[int, Contact]:
    return {person.pk: person for person in people}


def _parts(contact: Contact, day: dt.date) -> Any:
    parts: Any = StakeholderRole.objects.filter(contact=contact)
    return parts.current().holding_on(day).order_by("pk")


def _lines(contact: Contact, day: dt.date, *, both_ways: bool = False) -> Any:
    ends = Q(from_contact=contact) | Q(to_contact=contact) if both_ways else Q(from_contact=contact)
    lines: Any = StakeholderRelation.objects.filter(ends)
    return lines.current().holding_on(day).select_related("from_contact", "to_contact")
