"""Two contacts who are one person: open parts and links move, what was said stays as it was."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from accounts.choices import MergeKind
from accounts.models import Contact, MergeRecord, User
from accounts.registry import NewRows, RowChange
from accounts.services.authors import written_by
from accounts.services.contacts import touch_contact, update_contact
from accounts.services.dirty import mark_accounts_dirty
from accounts.services.merges.choices import FieldChoice, check_keep, choose_columns
from accounts.services.merges.moves import add_rows, carry_out, change_rows, counted, hold_merges
from accounts.services.merges.records import (
    AlreadyMerged,
    MergeOfOne,
    MergePreview,
    old_id,
    start_record,
    taken_over,
    worded_counts,
)

FIELDS = (
    "family_name",
    "given_name",
    "family_kana",
    "given_kana",
    "family_name_latin",
    "given_name_latin",
    "external_id",
    "email",
    "phone",
    "department",
    "title",
    "language",
    "in_post_since_on",
    "approach",
    "message",
    "is_ghost",
)


def preview_contact_merge(
    *, source: Contact, into: Contact, at: dt.datetime, keep: Mapping[str, str] | None = None
) -> MergePreview:
    """Say what merging a contact into another would do, without doing it.

    :raises MergeOfOne: for one contact twice.
    :raises AlreadyMerged: where one is archived.
    :raises BadChoice: for a field there is not.
    """
    _refuse(source, into)
    counts = counted(MergeKind.CONTACT, source=source, target=into, at=at)
    return MergePreview(source, into, _fields(source, into, keep or {}), worded_counts(counts), [])


def merge_contacts(
    *,
    source: Contact,
    into: Contact,
    at: dt.datetime,
    keep: Mapping[str, str] | None = None,
    by: User | None = None,
) -> MergeRecord:
    """Let a contact go into another, also one of another account, and return what the undo needs.

    :param keep: `source` or `target` for each field whose value is chosen.
    :raises MergeOfOne: for one contact twice.
    :raises AlreadyMerged: where one is archived or was merged.
    :raises BadChoice: for a field there is not.
    """
    if source.pk == into.pk:
        raise MergeOfOne
    with written_by(by):
        hold_merges()
        source, target = lock_contacts(source, into)
        _refuse(source, target)
        fields = _fields(source, target, keep or {})
        record = start_record(
            kind=MergeKind.CONTACT,
            source=source,
            target=target,
            account=target.account,
            at=at,
            by=by,
        )
        join_contact(record, source=source, target=target, at=at)
        record.values = taken_over(fields)
        if "external_id" in record.values:
            _exchange_ids(record, source, target, at=at)
        values = {name: after for name, (_before, after) in record.values.items()}
        apply_contact_values(target, values, at=at)
        record.save(update_fields=["values"])
        ids = sorted({source.account_id, target.account_id})
        mark_accounts_dirty(account_ids=ids, reason="merge", at=at)
    return record


def join_contact(record: MergeRecord, *, source: Contact, target: Contact, at: dt.datetime) -> None:
    """Move what hangs on one person to the other and archive the first."""
    carry_out(record, MergeKind.CONTACT, source=source, target=target, at=at)
    touch_contact(target, at=at)
    row: QuerySet[Any] = Contact.objects.filter(pk=source.pk)
    gone = {"archived_at": at, "merged_into_id": target.pk}
    change_rows(record, "contact", RowChange(row, gone), at=at)


def lock_contacts(*contacts: Contact) -> tuple[Contact, ...]:
    """Lock contacts in the order of their keys and return them in the order given."""
    ids = [contact.pk for contact in contacts]
    rows = Contact.objects.select_for_update(no_key=True, of=("self",)).select_related("account")
    locked = {row.pk: row for row in rows.filter(pk__in=ids).order_by("pk")}
    return tuple(locked[pk] for pk in ids)


def apply_contact_values(contact: Contact, values: Mapping[str, Any], *, at: dt.datetime) -> None:
    """Set plain columns of a contact from stored values."""
    columns: Any = Contact._meta
    changes = {name: columns.get_field(name).to_python(value) for name, value in values.items()}
    if changes:
        update_contact(contact=contact, changes=changes, at=at)


def _refuse(source: Contact, target: Contact) -> None:
    if source.pk == target.pk:
        raise MergeOfOne
    archived = source.archived_at or target.archived_at or target.account.archived_at
    if archived or source.merged_into_id or target.merged_into_id:
        raise AlreadyMerged


def _fields(source: Contact, target: Contact, keep: Mapping[str, str]) -> list[FieldChoice]:
    check_keep(keep, known=set(FIELDS))
    if target.is_ghost and not source.is_ghost:
        keep = {"is_ghost": "source", **keep}
    return choose_columns(source=source, target=target, names=FIELDS, keep=keep)


def _exchange_ids(
    record: MergeRecord, source: Contact, target: Contact, *, at: dt.datetime
) -> None:
    """Give the source the target's own-system id, so that the target can take the source's."""
    add_rows(record, "contact", NewRows(old_id(MergeKind.CONTACT, target, target)))
    Contact.objects.filter(pk=target.pk).update(external_id=None)
    row: QuerySet[Any] = Contact.objects.filter(pk=source.pk)
    change_rows(record, "contact", RowChange(row, {"external_id": target.external_id}), at=at)
