"""Two records again: everything a merge moved goes back, unless it was changed since."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.choices import MergeKind
from accounts.models import Contact, MergeRecord, Organisation, User
from accounts.selectors.merge_words import column_named, model_of
from accounts.services.authors import written_by
from accounts.services.contract_figures import refresh_contract_figures
from accounts.services.dirty import mark_accounts_dirty
from accounts.services.merges.accounts import apply_account_values, lock_accounts
from accounts.services.merges.contacts import apply_contact_values, lock_contacts
from accounts.services.merges.moves import (
    hold_merges,
    plain,
    put_back,
    rows_added_since,
    rows_changed_since,
)
from config.lib.problems import Conflict, FieldError


class MergeUndone(Conflict):
    """The merge was taken back before."""

    code = "merge_undone"
    title = _("This merge was undone already.")


class ChangedSinceMerge(Conflict):
    """What would go back was changed by somebody since; undoing would lose that."""

    code = "changed_since_merge"
    title = _("This merge can't be undone: some of what it moved was changed since.")


def undo_merge(*, record: MergeRecord, at: dt.datetime, by: User | None = None) -> MergeRecord:
    """Make two records of one again: rows, values and ids as they were before the merge.

    :raises MergeUndone: when it was undone before.
    :raises ChangedSinceMerge: naming each field, and how many records of which kind, that were
        changed or added since.
    """
    with written_by(by):
        hold_merges()
        record = MergeRecord.objects.select_for_update(no_key=True).get(pk=record.pk)
        if record.undone_at is not None:
            raise MergeUndone
        source, target = _lock(record)
        if faults := list(faults_of_undo(record)):
            raise ChangedSinceMerge(errors=faults)
        _take_back(record, source, target, at=at)
        record.undone_at, record.undone_by = at, by
        record.save(update_fields=["undone_at", "undone_by"])
        ids = sorted({getattr(row, "account_id", row.pk) for row in (source, target)})
        if record.kind == MergeKind.ACCOUNT:
            refresh_contract_figures(account_ids=ids, at=at)
        mark_accounts_dirty(account_ids=ids, reason="merge", at=at)
    return record


def faults_of_undo(record: MergeRecord) -> Iterator[FieldError]:
    """Say why a merge can't be undone: what was changed, and what was added to it since."""
    model = model_of(record.kind)
    target = model.objects.get(pk=record.target_id)
    if target.merged_into_id or target.archived_at:
        yield FieldError("", _("The record that stayed was archived or merged since."))
    for name, (_before, after) in record.values.items():
        if _current(target, name) != after:
            yield FieldError(f"/{name}", _("This field was changed since the merge."))
    for other, n in rows_changed_since(record).items():
        words = ngettext(
            "%(kind)s: %(n)d was changed since the merge.",
            "%(kind)s: %(n)d were changed since the merge.",
            n,
        )
        yield FieldError(f"/{other._meta.model_name}", words % {"kind": _kind(other), "n": n})
    for other, n in rows_added_since(record).items():
        words = ngettext(
            "%(kind)s: %(n)d was added since the merge.",
            "%(kind)s: %(n)d were added since the merge.",
            n,
        )
        yield FieldError(f"/{other._meta.model_name}", words % {"kind": _kind(other), "n": n})


def _take_back(record: MergeRecord, source: Any, target: Any, *, at: dt.datetime) -> None:
    before = {name: value for name, (value, _after) in record.values.items()}
    try:
        with transaction.atomic():
            if "external_id" in before:  # free it first: no two records ever hold one id
                type(source).objects.filter(pk=source.pk).update(external_id=None)
            _restore_values(record, target, before, at=at)
            put_back(record, at=at)
    except IntegrityError as error:
        raise ChangedSinceMerge from error


def _restore_values(
    record: MergeRecord, target: Any, before: Mapping[str, Any], *, at: dt.datetime
) -> None:
    if record.kind == MergeKind.CONTACT:
        apply_contact_values(target, before, at=at)
        return
    on = Organisation.objects.day_of(record.merged_at)
    apply_account_values(target, before, on=on, at=at)


def _lock(record: MergeRecord) -> tuple[Any, ...]:
    if record.kind == MergeKind.ACCOUNT:
        locked = lock_accounts({record.source_id, record.target_id})
        return locked[record.source_id], locked[record.target_id]
    pair = Contact.objects.in_bulk([record.source_id, record.target_id])
    return lock_contacts(pair[record.source_id], pair[record.target_id])


def _current(target: Any, name: str) -> Any:
    if name.startswith("attributes."):
        return target.attributes.get(name.removeprefix("attributes."))
    column = column_named(target, name)
    # What has no column any more can't go back: it equals no value.
    return object() if column is None else plain(getattr(target, column.attname))


def _kind(model: Any) -> str:
    return str(model._meta.verbose_name_plural)
