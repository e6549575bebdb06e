"""The customer's people: introducing, changing, moving on."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.choices import ContactState
from accounts.domain.names import fold_for_search
from accounts.models import Account, Contact, Organisation, StakeholderRole, User
from accounts.services.accounts import lock_account
from accounts.services.authors import written_by
from accounts.services.conflicts import ExternalIdTaken, apply_changes, check_columns, refusing
from accounts.services.departures import GONE, call_off, hand_over
from accounts.services.dirty import mark_accounts_dirty
from accounts.services.facts import end_fact
from accounts.services.outbox import person_key_of
from config.lib.problems import Conflict, FieldError, Problem

PLAIN = {
    "external_id",
    "family_name",
    "given_name",
    "family_kana",
    "given_kana",
    "family_name_latin",
    "given_name_latin",
    "email",
    "phone",
    "department",
    "title",
    "language",
    "in_post_since_on",
    "approach",
    "message",
    "is_ghost",
}


class EmailTaken(Conflict):
    """Another contact of the account has this address."""

    code = "email_taken"
    title = _("Another contact of this account has this mail address.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/email", self.title)])


class NamelessContact(Problem):
    """A contact needs a name or an address to be told from others."""

    code = "nameless_contact"
    title = _("Give a name or a mail address.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/family_name", self.title)])


class ForeignContact(Problem):
    """The contact belongs to another account, or is the same person."""

    code = "foreign_contact"
    title = _("This is nobody else of the same account.")


CONFLICTS: Mapping[str, type[Problem]] = {
    "accounts_contact_external_id": ExternalIdTaken,
    "accounts_contact_email": EmailTaken,
}


def create_contact(
    *,
    account: Account,
    at: dt.datetime,
    by: User | None = None,
    moved_from: Contact | None = None,
    **fields: Any,
) -> Contact:
    """Introduce a person at an account; `moved_from` is the same person at their last customer.

    :raises AccountArchived: for an account that is archived, or went into another.
    :raises EmailTaken: when another contact of the account has the address.
    :raises ExternalIdTaken: when another contact carries the own-system id.
    """
    contact = Contact(account=account, moved_from=moved_from, created_at=at, updated_at=at)
    apply_changes(contact, _tidied(fields), allowed=PLAIN)
    check_columns(contact)
    derive(contact)
    with written_by(by), refusing(CONFLICTS):
        lock_account(account)
        contact.save()
        mark_accounts_dirty(account_ids=[account.pk], reason="contact", at=at)
    return contact


def update_contact(
    *,
    contact: Contact,
    changes: Mapping[str, Any],
    at: dt.datetime,
    by: User | None = None,
    on: dt.date | None = None,
) -> Contact:
    """Change any part of a contact at once and return it as it is now.

    Whoever leaves or is transferred puts down their parts on that day; a successor takes them up
    unconfirmed.

    :param changes: plain columns, `state` and `successor`.
    :param on: the day from which a new state holds, today unless given; it may lie ahead.
    :raises EmailTaken: when another contact of the account has the address.
    :raises ForeignContact: for a successor at another account.
    """
    plain = dict(changes)
    on = on or Organisation.objects.day_of(at)
    with written_by(by), refusing(CONFLICTS):
        locked = lock_contact(contact)
        state = plain.pop("state", None)
        if state is not None:
            _call_off_departure(locked, today=Organisation.objects.day_of(at), at=at)
        if "successor" in plain:
            locked.successor = _of_same_account(plain.pop("successor"), locked)
        apply_changes(locked, _tidied(plain), allowed=PLAIN)
        if state is not None:
            locked.state, locked.state_on = ContactState(state), on
            locked.left_on = on if locked.state == ContactState.LEFT else None
        derive(locked)
        locked.updated_at = at
        locked.save()
        if locked.state in GONE and (state is not None or "successor" in changes):
            hand_over(locked, on=locked.state_on or on, at=at)
        if state is not None or "successor" in changes:
            mark_accounts_dirty(account_ids=[locked.account_id], reason="contact", at=at)
    return locked


def archive_contact(*, contact: Contact, at: dt.datetime, by: User | None = None) -> Contact:
    """Take the contact out of every list and end their parts; facts and history stay."""
    with written_by(by):
        locked = lock_contact(contact)
        if locked.archived_at is None:
            locked.archived_at = locked.updated_at = at
            locked.save(update_fields=["archived_at", "updated_at"])
            for role in StakeholderRole.objects.filter(contact=locked).current():
                end_fact(role, on=Organisation.objects.day_of(at), at=at)
            mark_accounts_dirty(account_ids=[locked.account_id], reason="contact", at=at)
    return locked


def lock_contact(contact: Contact) -> Contact:
    """Read the contact anew and keep other writers of their facts waiting."""
    locked: Contact = Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
    return locked


def touch_contact(contact: Contact, *, at: dt.datetime) -> None:
    """Note that what a contact's answers show beside its own columns changed: parts, standing."""
    Contact.objects.filter(pk=contact.pk).update(updated_at=at)


def _call_off_departure(contact: Contact, *, today: dt.date, at: dt.datetime) -> None:
    """Take back what a departure that still lay ahead had arranged."""
    if contact.state in GONE and contact.state_on and contact.state_on > today:
        call_off(contact, on=contact.state_on, at=at)


def _tidied(fields: Mapping[str, Any]) -> dict[str, Any]:
    tidied = dict(fields)
    if "email" in tidied:
        tidied["email"] = tidied["email"].strip().lower()
    return tidied


def derive(contact: Contact) -> None:
    """Compute what lists search by and what throttles know the person by.

    :raises NamelessContact: without a name, an address and an own-system id.
    """
    if not (contact.family_name or contact.given_name or contact.email or contact.external_id):
        raise NamelessContact
    contact.person_key = person_key_of(contact.email) if contact.email else None
    known_as = (
        f"{contact.family_name}{contact.given_name}",
        f"{contact.family_kana}{contact.given_kana}",
        f"{contact.given_name_latin} {contact.family_name_latin}",
        contact.email,
        contact.external_id or "",
    )
    contact.search_text = "\n".join(fold_for_search(text) for text in known_as if text)


def _of_same_account(successor: Contact | None, contact: Contact) -> Contact | None:
    if successor is not None and (
        successor.account_id != contact.account_id or successor.pk == contact.pk
    ):
        raise ForeignContact(errors=[FieldError("/successor", ForeignContact.title)])
    return successor
