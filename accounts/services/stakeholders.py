"""The stakeholder map: who plays which part for the customer, how they stand, who with whom."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.choices import Level, RelationKind, StakeholderRoleKind, Stance
from accounts.domain.reporting_lines import Line, first_circle
from accounts.models import (
    Contact,
    ContactStanding,
    Organisation,
    StakeholderRelation,
    StakeholderRole,
    User,
)
from accounts.services.accounts import lock_account
from accounts.services.authors import written_by
from accounts.services.conflicts import refuse_unknown
from accounts.services.contacts import ForeignContact, lock_contact, touch_contact
from accounts.services.dirty import mark_accounts_dirty
from accounts.services.facts import end_fact, put_fact, revise_fact
from config.lib.problems import FieldError, Problem


class RelatedToSelf(Problem):
    """A person can't be related to themselves."""

    code = "related_to_self"
    title = _("A relation needs two people.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/to_contact", self.title)])


class ReportingCircle(Problem):
    """The other person already reports to this one, directly or through others."""

    code = "reporting_circle"
    title = _("This person already reports to the other one, directly or through others.")

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
    with written_by(by):
        contact = lock_contact(contact)
        values = {"account": contact.account, "confirmed_on": confirmed_on}
        put_fact(StakeholderRole, owner=owner, values=values, on=on, at=at)
        touch_contact(contact, at=at)
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
        touch_contact(stakeholder.contact, at=at)
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
        touch_contact(stakeholder.contact, at=at)
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
    values: dict[str, Any] = {
        "stance": stance and Stance(stance),
        "influence": influence and Level(influence),
        "strength": strength and Level(strength),
    }
    on = on or Organisation.objects.day_of(at)
    with written_by(by):
        contact = lock_contact(contact)
        values["account"] = contact.account
        put_fact(ContactStanding, owner={"contact": contact}, values=values, on=on, at=at)
        touch_contact(contact, at=at)
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
    :raises ReportingCircle: where the other already reports to the first, through whomever.
    :raises ForeignContact: for people of two accounts.
    :raises AccountArchived: for an account that is archived, or went into another.
    """
    if from_contact.pk == to_contact.pk:
        raise RelatedToSelf
    if from_contact.account_id != to_contact.account_id:
        raise ForeignContact(errors=[FieldError("/to_contact", ForeignContact.title)])
    on = on or Organisation.objects.day_of(at)
    owner: dict[str, Any] = {"from_contact": from_contact, "kind": RelationKind(kind)}
    values: dict[str, Any] = {"account": from_contact.account}
    with written_by(by):
        # Two lines drawn at once may close a circle together: one writer an account at a time.
        lock_account(from_contact.account)
        if kind == RelationKind.REPORTS_TO:
            _refuse_circle(from_contact, to_contact, on=on)
            values["to_contact"] = to_contact
        else:
            owner["to_contact"] = to_contact
        put_fact(StakeholderRelation, owner=owner, values=values, on=on, at=at)
    lines = StakeholderRelation.objects.filter(**{**owner, "to_contact": to_contact}).current()
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


def _refuse_circle(junior: Contact, senior: Contact, *, on: dt.date) -> None:
    """Refuse a line that would close a circle on any day it holds."""
    standing = StakeholderRelation.objects.filter(
        account=junior.account_id, kind=RelationKind.REPORTS_TO
    ).current()
    spans = standing.values_list("from_contact", "to_contact", "starts_on", "ends_on")
    lines = [Line(*span) for span in spans]
    following = [line.starts_on for line in lines if line.junior == junior.pk]
    ends_on = min((day for day in following if day > on), default=None)
    others = [line for line in lines if line.junior != junior.pk]
    if first_circle(Line(junior.pk, senior.pk, on, ends_on), others):
        raise ReportingCircle
