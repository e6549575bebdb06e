"""The ids a record has in other systems, such as the CRM, beside its own-system id."""

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.choices import IdentifiedKind
from accounts.models import (
    Account,
    Contact,
    Contract,
    ExternalRef,
    Invoice,
    Ticket,
    Touchpoint,
    User,
)
from accounts.services.accounts import lock_account
from accounts.services.authors import written_by
from accounts.services.conflicts import ExternalIdTaken, check_columns, refusing
from accounts.services.merges.records import OWN_SYSTEM
from config.lib.problems import Conflict, FieldError, Problem

Identified = Account | Contact | Contract | Touchpoint | Ticket | Invoice
IDENTIFIED: dict[str, type[Identified]] = {
    IdentifiedKind.ACCOUNT: Account,
    IdentifiedKind.CONTACT: Contact,
    IdentifiedKind.CONTRACT: Contract,
    IdentifiedKind.TOUCHPOINT: Touchpoint,
    IdentifiedKind.TICKET: Ticket,
    IdentifiedKind.INVOICE: Invoice,
}
_SOURCE = re.compile(r"[a-z0-9][a-z0-9_-]*")


class BadSource(Problem):
    """A name of a system other programs could not use."""

    code = "bad_source"
    title = _("Give lower-case letters, digits, hyphens and underscores, such as salesforce.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/source", self.title)])


class IdTaken(ExternalIdTaken):
    """Another record of the kind has this id in that system."""

    title = _("Another record has this id in that system.")
    pointer = "/value"


class RecordPutAway(Conflict):
    """The record is archived or was taken back."""

    code = "record_put_away"
    title = _("The record is archived or was taken back.")


class IdOfMerged(Conflict):
    """The own-system id of a record that went into this one leads to it for good."""

    code = "id_of_merged"
    title = _("This id came with a merge and goes only when that is undone.")


def set_external_id(
    *,
    account: Account,
    source: str,
    value: str,
    at: dt.datetime,
    by: User | None = None,
    was: str = "",
) -> None:
    """Give an account an id in another system; what it has there beside it stays.

    :param was: the id of this system the new one takes the place of; an empty new one takes it
        away.
    :raises BadSource: for a name of a system that can't be one.
    :raises AccountArchived: for an account that is archived.
    :raises IdTaken: when another account has this id there.
    """
    check_source(source)
    with _writing(account, by=by):
        _known(account).filter(source=source, value__in=(was, value)).delete()
        if value:
            _ref(account, source, value).save()
        _touch(account, at=at)


def add_external_id(
    *, record: Identified, source: str, value: str, at: dt.datetime, by: User | None = None
) -> ExternalRef:
    """Let one more id of another system lead to a record; the same again changes nothing.

    :raises BadSource: for a name of a system that can't be one.
    :raises AccountArchived: for a record of an account that is archived.
    :raises RecordPutAway: for a record that is archived or was taken back.
    :raises IdTaken: when another record of the kind has this id there.
    """
    check_source(source)
    with _writing(record, by=by):
        kept: ExternalRef | None = _known(record).filter(source=source, value=value).first()
        if kept is not None:
            return kept
        ref = _ref(record, source, value)
        ref.save()
        _touch(record, at=at)
    return ref


def is_known(*, record: Identified, source: str, value: str) -> bool:
    """Say whether an id of another system leads to the record already."""
    return bool(_known(record).filter(source=source, value=value).exists())


def remove_external_id(*, ref: ExternalRef, at: dt.datetime, by: User | None = None) -> None:
    """Take an id in another system away from its record.

    :raises IdOfMerged: for one that a merge keeps.
    :raises AccountArchived: for a record of an account that is archived.
    :raises RecordPutAway: for a record that is archived or was taken back.
    """
    if ref.source == OWN_SYSTEM:
        raise IdOfMerged
    record: Any = IDENTIFIED[ref.kind]._default_manager.get(pk=ref.object_id)
    with _writing(record, by=by):
        ref.delete()
        _touch(record, at=at)


def kind_of(record: Identified) -> IdentifiedKind:
    """Return by which word the kind of a record is named."""
    return IdentifiedKind(record._meta.model_name or "")


def check_source(source: str) -> None:
    """Refuse what can be no name of a system.

    :raises BadSource: naming it.
    """
    if not _SOURCE.fullmatch(source) or source == OWN_SYSTEM:
        raise BadSource


def _known(record: Identified) -> Any:
    return ExternalRef.objects.filter(kind=kind_of(record), object_id=record.pk)


def _ref(record: Identified, source: str, value: str) -> ExternalRef:
    ref = ExternalRef(kind=kind_of(record), object_id=record.pk, source=source, value=value)
    check_columns(ref)
    return ref


@contextmanager
def _writing(record: Identified, *, by: User | None) -> Iterator[None]:
    """Keep merges and other writers waiting, and refuse what was put away."""
    with written_by(by), refusing({"accounts_external_ref_unique": IdTaken}):
        lock_account(record if isinstance(record, Account) else record.account)
        stored = _rows(record).get()
        if any(getattr(stored, name, None) for name in ("archived_at", "retracted_at")):
            raise RecordPutAway
        yield


def _touch(record: Identified, *, at: dt.datetime) -> None:
    _rows(record).update(updated_at=at)


def _rows(record: Identified) -> Any:
    return type(record)._default_manager.filter(pk=record.pk)
