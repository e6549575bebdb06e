"""People who go on to another of our customers, and people who are seen before they are known."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.choices import ContactState
from accounts.models import Account, Contact, Organisation, User
from accounts.services.authors import written_by
from accounts.services.contacts import create_contact, update_contact
from accounts.services.facts import refuse_future
from config.lib.problems import FieldError, Problem

#: What a person keeps wherever they work, and what we know of how to talk to them.
KEPT = (
    "family_name",
    "given_name",
    "family_kana",
    "given_kana",
    "family_name_latin",
    "given_name_latin",
    "language",
    "approach",
    "message",
)
NAMES = {"family_name", "given_name", "family_name_latin", "given_name_latin"}


class SameAccount(Problem):
    """A move leads to another customer."""

    code = "same_account"
    title = _("Choose another customer than the present one.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/account", self.title)])


class NameMissing(Problem):
    """A person only seen in usage is introduced by name."""

    code = "name_missing"
    title = _("Give the name of the person.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/family_name", self.title)])


def move_contact(
    *,
    contact: Contact,
    account: Account,
    at: dt.datetime,
    on: dt.date | None = None,
    by: User | None = None,
    **fields: Any,
) -> Contact:
    """Let a person leave on day `on` and return the contact they are at another customer.

    :param fields: what is different there: mail address, telephone, department, title.
    :raises SameAccount: for the account they are at.
    :raises InTheFuture: for a day ahead; the new contact would be there before the person.
    :raises EmailTaken: when another contact of the new account has the address.
    """
    if account.pk == contact.account_id:
        raise SameAccount
    today = Organisation.objects.day_of(at)
    on = on or today
    refuse_future(on=on, today=today, member="on")
    with written_by(by):
        left = update_contact(contact=contact, changes={"state": ContactState.LEFT}, on=on, at=at)
        kept = {name: getattr(left, name) for name in KEPT}
        values = {**kept, "in_post_since_on": on, **fields}
        return create_contact(account=account, moved_from=left, at=at, **values)


def succeed_contact(
    *,
    contact: Contact,
    state: ContactState | str,
    at: dt.datetime,
    on: dt.date | None = None,
    successor: Contact | None = None,
    newcomer: Mapping[str, Any] | None = None,
    by: User | None = None,
) -> Contact:
    """Note a new state from day `on` and who follows, known or introduced with it.

    :param newcomer: columns of a successor nobody has introduced yet.
    :raises EmailTaken: when another contact has the newcomer's address.
    """
    with written_by(by):
        if newcomer:
            successor = create_contact(account=contact.account, at=at, **newcomer)
        changes = {"state": state, "successor": successor}
        return update_contact(contact=contact, changes=changes, on=on, at=at)


def introduce_contact(
    *, contact: Contact, fields: Mapping[str, Any], at: dt.datetime, by: User | None = None
) -> Contact:
    """Say who somebody is who was only seen in usage.

    :raises NameMissing: without a name.
    """
    if not any(fields.get(name) for name in NAMES):
        raise NameMissing
    return update_contact(contact=contact, changes={**fields, "is_ghost": False}, at=at, by=by)
