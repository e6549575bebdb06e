"""The stakeholder map: who plays which part for the customer, how they stand, who with whom."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.choices import Level, RelationKind, StakeholderRoleKind, Stance
from accounts.models import (
    Contact,
    ContactStanding,
    Organisation,
    StakeholderRelation,
    StakeholderRole,
    User,
)
from accounts.services.authors import written_by
from accounts.services.conflicts import refuse_unknown
from accounts.services.contacts import ForeignContact, lock_contact
from accounts.services.dirty import mark_accounts_dirty
from accounts.services.facts import end_fact, put_fact, revise_fact
from config.lib.problems import FieldError, Problem


class RelatedToSelf(Problem):
    """A person can't be related to themselves."""

    code = "related_to_self"
    title = _("A relation needs two people.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/to_contact", self.title)])


def assign_role(
    *,
    contact: Contact,
    role: StakeholderRoleKind | str,
    at: dt.datetime,
    on: dt.date | None = None,
    confirmed_on: dt.date | None = None,
    by: User | None = None,
) -> StakeholderRole:
    """Give a contact a part from day `on`; unconfirmed until `confirmed_on` is known."""
    on = on or Organisation.objects.day_of(at)
    owner = {"contact": contact, "role": StakeholderRoleKind(role)}
    values = {"account": contact.account, "confirmed_on": confirmed_on}
    with written_by(by):
        lock_contact(contact)
        put_fact(StakeholderRole, owner=owner, values=values, on=on, at=at)
        mark_accounts_dirty(account_ids=[contact.account_id], reason="stakeholder", at=at)
    part: StakeholderRole = StakeholderRole.objects.filter(**owner).current().holding_on(on).get()
    return part


def confirm_role(
    *,
    stakeholder: StakeholderRole,
    at: dt.datetime,
    on: dt.date | None = None,
    by: User | None = None,
) -> StakeholderRole:
    """Say that the part was confirmed on day `on`; returns the row that says so."""
    on = on or Organisation.objects.day_of(at)
    with written_by(by):
        lock_contact(stakeholder.contact)
        stakeholder.refresh_from_db()
        if stakeholder.confirmed_on == on:
            return stakeholder
        confirmed = revise_fact(stakeholder, confirmed_on=on, at=at)
        mark_accounts_dirty(account_ids=[stakeholder.account_id], reason="stakeholder", at=at)
    return confirmed


def change_role(
    *,
    stakeholder: StakeholderRole,
    changes: Mapping[str, Any],
    at: dt.datetime,
    by: User | None = None,
) -> StakeholderRole:
    """Confirm a part (`confirmed_on`) or end it (`ends_on`), or both.

    :raises UnknownMember: for anything else; another part or person is another row.
    """
    refuse_unknown(changes, allowed={"confirmed_on", "ends_on"})
    with written_by(by):
        if changes.get("confirmed_on"):
            confirm_role(stakeholder=stakeholder, on=changes["confirmed_on"], at=at)
        if changes.get("ends_on"):
            end_role(stakeholder=stakeholder, on=changes["ends_on"], at=at)
    return stakeholder


def end_role(
    *,
    stakeholder: StakeholderRole,
    at: dt.datetime,
    on: dt.date | None = None,
    by: User | None = None,
) -> None:
    """Say that the contact no longer plays the part from day `on`."""
    with written_by(by):
        lock_contact(stakeholder.contact)
        end_fact(stakeholder, on=on or Organisation.objects.day_of(at), at=at)
        mark_accounts_dirty(account_ids=[stakeholder.account_id], reason="stakeholder", at=at)


def set_standing(
    *,
    contact: Contact,
    at: dt.datetime,
    stance: Stance | str = "",
    influence: Level | str = "",
    strength: Level | str = "",
    on: dt.date | None = None,
    by: User | None = None,
) -> None:
    """Note how a contact stands to us from day `on`; empty means not known."""
    values = {
        "account": contact.account,
        "stance": stance and Stance(stance),
        "influence": influence and Level(influence),
        "strength": strength and Level(strength),
    }
    on = on or Organisation.objects.day_of(at)
    with written_by(by):
        lock_contact(contact)
        put_fact(ContactStanding, owner={"contact": contact}, values=values, on=on, at=at)
        mark_accounts_dirty(account_ids=[contact.account_id], reason="standing", at=at)


def relate(
    *,
    from_contact: Contact,
    to_contact: Contact,
    kind: RelationKind | str,
    at: dt.datetime,
    on: dt.date | None = None,
    by: User | None = None,
) -> StakeholderRelation:
    """Draw a line between two people of one account; reporting to somebody new ends the old line.

    :raises RelatedToSelf: for one person twice.
    :raises ForeignContact: for people of two accounts.
    """
    if from_contact.pk == to_contact.pk:
        raise RelatedToSelf
    if from_contact.account_id != to_contact.account_id:
        raise ForeignContact(errors=[FieldError("/to_contact", ForeignContact.title)])
    on = on or Organisation.objects.day_of(at)
    owner = {"from_contact": from_contact, "to_contact": to_contact, "kind": RelationKind(kind)}
    with written_by(by):
        lock_contact(from_contact)
        if kind == RelationKind.REPORTS_TO:
            _end_reporting(from_contact, but=to_contact, on=on, at=at)
        values = {"account": from_contact.account}
        put_fact(StakeholderRelation, owner=owner, values=values, on=on, at=at)
    lines = StakeholderRelation.objects.filter(**owner).current()
    line: StakeholderRelation = lines.holding_on(on).get()
    return line


def change_relation(
    *,
    relation: StakeholderRelation,
    changes: Mapping[str, Any],
    at: dt.datetime,
    by: User | None = None,
) -> StakeholderRelation:
    """End a line (`ends_on`).

    :raises UnknownMember: for anything else; a line between others is another row.
    """
    refuse_unknown(changes, allowed={"ends_on"})
    if changes.get("ends_on"):
        end_relation(relation=relation, on=changes["ends_on"], at=at, by=by)
    return relation


def end_relation(
    *,
    relation: StakeholderRelation,
    at: dt.datetime,
    on: dt.date | None = None,
    by: User | None = None,
) -> None:
    """Say that the line no longer holds from day `on`."""
    with written_by(by):
        lock_contact(relation.from_contact)
        end_fact(relation, on=on or Organisation.objects.day_of(at), at=at)


def _end_reporting(contact: Contact, *, but: Contact, on: dt.date, at: dt.datetime) -> None:
    lines = StakeholderRelation.objects.filter(from_contact=contact, kind=RelationKind.REPORTS_TO)
    for line in lines.exclude(to_contact=but).current():
        end_fact(line, on=on, at=at)
