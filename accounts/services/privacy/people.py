"""Find a person across accounts, by a contact or by a mail address."""

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.domain.person import Person
from accounts.domain.spellings import either, written_address, written_number
from accounts.models import Contact
from accounts.registry import mentions
from accounts.services.outbox import person_key_of
from config.lib.problems import Problem

_WRITTEN = {"email": lambda text: [written_address(text)], "phone": written_number}


class NobodyKnown(Problem):
    """No contact has this address."""

    status = 404
    code = "nobody_known"
    title = _("Nobody with this mail address is known.")


def person_of(contact: Contact) -> Person:
    """Return the person behind a contact: every contact with the same address, or this row."""
    key = bytes(contact.person_key) if contact.person_key else None
    if key is None and contact.email:
        key = person_key_of(contact.email)
    return person_with(key=key, contacts=[contact.pk])


def person_by_address(address: str) -> Person:
    """Return who has a mail address.

    :raises NobodyKnown: for an address no contact has.
    """
    person = person_with(key=person_key_of(address), address=address.strip())
    if not person.contacts:
        raise NobodyKnown
    return person


def person_with(*, key: bytes | None, contacts: Sequence[int] = (), address: str = "") -> Person:
    """Return the person of a keyed hash and of rows that are known to be theirs.

    Rows that the same person was merged into, or moved from or to, are theirs as well.
    """
    found = Q(pk__in=contacts)
    if key is not None:
        found |= Q(person_key=key)
    if address:
        found |= Q(email__iexact=address)
    rows = list(Contact.objects.filter(found))
    rows += _kin(rows)
    addresses, phones = _reached_by(rows, "email"), _reached_by(rows, "phone")
    return Person(
        key=key,
        contacts=tuple(sorted({row.pk for row in rows})),
        accounts=tuple(sorted({row.account_id for row in rows})),
        addresses=tuple(sorted(addresses | set(filter(None, [address])))),
        pairs=tuple(sorted((one, other) for one, other in _names(rows) if one and other)),
        external_ids=tuple(sorted(row.external_id for row in rows if row.external_id)),
        phones=tuple(sorted(phones)),
    )


def _kin(rows: Sequence[Contact]) -> list[Contact]:
    ids = [row.pk for row in rows]
    onwards = [
        number for row in rows for number in (row.moved_from_id, row.merged_into_id) if number
    ]
    kin = Q(pk__in=onwards) | Q(moved_from__in=ids) | Q(merged_into__in=ids)
    return list(Contact.objects.filter(kin).exclude(pk__in=ids))


def _reached_by(rows: Sequence[Contact], column: str) -> set[str]:
    """Return the addresses or numbers the rows have or had, but for those others have now.

    A number that others have stays even where it is the person's: it may be their switchboard. An
    address that is theirs now is not asked for: each text asked for is looked up in every contact.
    """
    ids = [row.pk for row in rows]
    events: Any = apps.get_model("accounts", "ContactEvent")
    had = set(events.objects.filter(pgh_obj_id__in=ids).values_list(column, flat=True))
    own = {getattr(row, column) for row in rows}
    others = Contact.objects.exclude(pk__in=ids).exclude(**{column: ""})
    asked = own | had if column == "phone" else had - own
    theirs = {
        text
        for text in filter(None, asked)
        if others.filter(mentions(either(_WRITTEN[column](text)), column)).exists()
    }
    return set(filter(None, own | had)) - theirs


def _names(rows: Sequence[Any]) -> set[tuple[str, str]]:
    return {
        pair
        for row in rows
        for pair in (
            (row.family_name, row.given_name),
            (row.family_kana, row.given_kana),
            (row.family_name_latin, row.given_name_latin),
        )
    }
