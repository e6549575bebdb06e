"""The customer's people: introducing, changing, moving on."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.choices import ContactState
from accounts.domain.names import fold_for_search
from accounts.models import Account, Contact, Organisation, StakeholderRole, User
from accounts.services.authors import written_by
from accounts.services.conflicts import ExternalIdTaken, apply_changes, check_columns, refusing
from accounts.services.dirty import mark_accounts_dirty
from accounts.services.facts import end_fact, put_fact
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
GONE = {ContactState.LEFT, ContactState.TRANSFERRED}


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
    """The contact belongs to another account."""

    code = "foreign_contact"
    title = _("This contact belongs to another account.")


_CONFLICTS: Mapping[str, type[Problem]] = {
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

    :raises EmailTaken: when another contact of the account has the address.
    :raises ExternalIdTaken: when another contact carries the own-system id.
    """
    contact = Contact(account=account, moved_from=moved_from, created_at=at, updated_at=at)
    apply_changes(contact, _tidied(fields), allowed=PLAIN)
    check_columns(contact)
    _derive(contact)
    with written_by(by), refusing(_CONFLICTS):
        contact.save()
        mark_accounts_dirty(account_ids=[account.pk], reason="contact", at=at)
    return contact


def update_contact(
    *, contact: Contact, changes: Mapping[str, Any], at: dt.datetime, by: User | None = None
) -> Contact:
    """Change plain columns of a contact; its state has a service of its own.

    :raises EmailTaken: when another contact of the account has the address.
    """
    with written_by(by), refusing(_CONFLICTS):
        locked = lock_contact(contact)
        apply_changes(locked, _tidied(changes), allowed=PLAIN)
        _derive(locked)
        locked.updated_at = at
        locked.save()
    return locked


def change_contact_state(
    *,
    contact: Contact,
    state: ContactState | str,
    at: dt.datetime,
    on: dt.date | None = None,
    successor: Contact | None = None,
    by: User | None = None,
) -> Contact:
    """Note a new state from day `on`, which may lie ahead.

    Whoever leaves or is transferred puts down their parts on that day; a successor takes them up
    unconfirmed.

    :raises ForeignContact: for a successor at another account.
    """
    on = on or Organisation.objects.day_of(at)
    with written_by(by):
        locked = lock_contact(contact)
        locked.state, locked.state_on, locked.updated_at = ContactState(state), on, at
        locked.left_on = on if locked.state == ContactState.LEFT else None
        if successor is not None:
            _refuse_foreign(successor, locked.account_id)
            locked.successor = successor
        locked.save()
        if locked.state in GONE:
            _hand_over(locked, on=on, at=at)
        mark_accounts_dirty(account_ids=[locked.account_id], reason="contact_state", at=at)
    return locked


def set_successor(
    *, contact: Contact, successor: Contact, at: dt.datetime, by: User | None = None
) -> Contact:
    """Say who followed on a person who has gone; open parts pass on unconfirmed.

    :raises ForeignContact: for a successor at another account.
    """
    on = contact.state_on or Organisation.objects.day_of(at)
    return change_contact_state(
        contact=contact, state=contact.state, on=on, successor=successor, at=at, by=by
    )


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


def _tidied(fields: Mapping[str, Any]) -> dict[str, Any]:
    tidied = dict(fields)
    if "email" in tidied:
        tidied["email"] = tidied["email"].strip().lower()
    return tidied


def _derive(contact: Contact) -> None:
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


def _refuse_foreign(contact: Contact, account_id: int) -> None:
    if contact.account_id != account_id:
        raise ForeignContact(errors=[FieldError("/successor", ForeignContact.title)])


def _hand_over(contact: Contact, *, on: dt.date, at: dt.datetime) -> None:
    """End the parts of a person on day `on`; the successor, if known, takes them up."""
    held = StakeholderRole.objects.filter(contact=contact).current().order_by("pk")
    for part in held:
        if part.ends_on is None or part.ends_on >= on:
            end_fact(part, on=on, at=at)
            if contact.successor_id:
                owner = {"contact": contact.successor, "role": part.role}
                values = {"account": contact.account, "confirmed_on": None}
                _take_up(owner, values, on=on, at=at)


def _take_up(
    owner: dict[str, Any], values: dict[str, Any], *, on: dt.date, at: dt.datetime
) -> None:
    """Give a part unless the successor plays it already, confirmed or not."""
    plays = StakeholderRole.objects.filter(**owner).current().holding_on(on)
    if not plays.exists():
        put_fact(StakeholderRole, owner=owner, values=values, on=on, at=at)
