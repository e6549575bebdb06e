"""Take a change of a contact back: their state, their successor, their parts and lines."""

import datetime as dt
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import (
    Contact,
    ContactStanding,
    Erasure,
    StakeholderRelation,
    StakeholderRole,
    User,
)
from accounts.services.accounts import lock_account
from accounts.services.authors import written_by
from accounts.services.conflicts import refusing
from accounts.services.contacts import CONFLICTS, derive, lock_contact
from accounts.services.dirty import mark_accounts_dirty
from accounts.services.facts import ChangedSince, take_back_facts
from config.lib.problems import Conflict

#: What the history holds of a contact and no change may bring back.
_KEPT = {"id", "account", "created_at", "merged_into", "moved_from"}


class PersonErased(Conflict):
    """What was erased for ever is not brought back."""

    code = "person_erased"
    title = _("The person was erased and can't be brought back.")


class ContactMerged(Conflict):
    """A merged contact comes back by undoing the merge."""

    code = "contact_merged"
    title = _("The contact was merged into another one. Undo the merge to bring it back.")


def remember_contact(contact: Contact) -> int:
    """Return the line of the history that says what a contact is now, before it is changed."""
    lines = _history().filter(pgh_obj=contact.pk).order_by("-pgh_id")
    return int(lines.values_list("pgh_id", flat=True)[0])


def take_back_change(
    *,
    contact: Contact,
    before: int,
    written_at: dt.datetime,
    at: dt.datetime,
    by: User | None = None,
) -> Contact:
    """Undo what was written about a contact at one instant, with what it did to a successor.

    :param before: what `remember_contact` returned before the change.
    :raises PersonErased: when the person was erased since.
    :raises ChangedSince: when the contact or one of their facts was changed again.
    :raises EmailTaken: when another contact of the account has the address by now.
    """
    with written_by(by), refusing(CONFLICTS):
        locked = _lock(contact)
        if locked.updated_at > written_at:
            raise ChangedSince
        people = [locked.pk, *([locked.successor_id] if locked.successor_id else [])]
        for rows in _facts_of(people):
            take_back_facts(rows, written_at=written_at, at=at)
        Contact.objects.filter(pk__in=people).update(updated_at=at)
        if locked.updated_at == written_at:
            _set_back(locked, _history().get(pgh_id=before, pgh_obj=locked.pk))
            locked.updated_at = at
            locked.save()
        mark_accounts_dirty(account_ids=[locked.account_id], reason="contact", at=at)
    return locked


def restore_contact(*, contact: Contact, at: dt.datetime, by: User | None = None) -> Contact:
    """Bring an archived contact back, with the parts that ended with it.

    :raises AccountArchived: for an account that is archived, or went into another.
    :raises ContactMerged: when the contact went into another; undoing the merge brings it back.
    :raises PersonErased: when the person was erased.
    :raises ChangedSince: when one of those parts was changed since.
    :raises EmailTaken: when another contact of the account has the address by now.
    """
    with written_by(by), refusing(CONFLICTS):
        lock_account(contact.account)
        locked = _lock(contact)
        if locked.merged_into_id is not None:
            raise ContactMerged
        if locked.archived_at is not None:
            roles = StakeholderRole.objects.filter(contact=locked)
            take_back_facts(roles, written_at=locked.archived_at, at=at)
            locked.archived_at, locked.updated_at = None, at
            locked.save(update_fields=["archived_at", "updated_at"])
            mark_accounts_dirty(account_ids=[locked.account_id], reason="contact", at=at)
    return locked


def _lock(contact: Contact) -> Contact:
    locked = lock_contact(contact)
    if Erasure.objects.has_erased(locked):
        raise PersonErased
    return locked


def _history() -> Any:
    events: Any = Contact.pgh_event_model  # type: ignore[attr-defined]
    return events.objects


def _set_back(contact: Contact, line: Any) -> None:
    tracked = {field.name for field in line._meta.concrete_fields}
    for field in contact._meta.concrete_fields:
        if field.name in tracked - _KEPT:
            setattr(contact, field.attname, getattr(line, field.attname))
    derive(contact)


def _facts_of(people: list[int]) -> list[Any]:
    lines = Q(from_contact__in=people) | Q(to_contact__in=people)
    return [
        StakeholderRole.objects.filter(contact__in=people),
        ContactStanding.objects.filter(contact__in=people),
        StakeholderRelation.objects.filter(lines),
    ]
