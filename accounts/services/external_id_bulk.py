"""Many ids in other systems at once: added and taken away, each with what became of it.

Items act one after the other, so an id may be taken from one record and given to the next in the
same batch; what is written is the difference at the end, in a constant number of statements.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Account, ExternalRef, User
from accounts.services.accounts import AccountArchived
from accounts.services.authors import written_by
from accounts.services.external_ids import (
    IDENTIFIED,
    IdOfMerged,
    IdTaken,
    RecordPutAway,
    check_source,
)
from accounts.services.merges.records import OWN_SYSTEM
from config.lib.problems import FieldError, Problem

Key = tuple[str, str, str]
_NAMES = ("kind", "source", "value")


@dataclass
class IdRow:
    """What became of one item; `status` is what it would have been answered with alone."""

    index: int
    status: int = 200
    outcome: str = "unchanged"
    id: int | None = None
    errors: list[FieldError] = field(default_factory=list)

    def refuse(self, member: str, detail: Any, *, status: int = 400) -> None:
        """Note what is wrong with a member of the item."""
        place = f"/items/{self.index}" + (f"/{member}" if member else "")
        self.errors.append(FieldError(place, str(detail)))
        self.status, self.outcome, self.id = status, "failed", None


def write_external_ids(
    *, items: Sequence[Mapping[str, Any] | None], rows: Sequence[IdRow], at: dt.datetime, by: User
) -> None:
    """Add and take away ids, as far as `by` may change their records, and say what became of each.

    :param items: `kind`, `record` (id of a record), `source`, `value` and `remove`; None for
        one that was refused before.
    :param rows: a row for each item, filled in.
    """
    asked = [(item, row) for item, row in zip(items, rows, strict=True) if item is not None]
    with written_by(by):
        batch = _Batch([item for item, _row in asked], by)
        for item, row in asked:
            batch.apply(item, row)
        batch.write(at=at)


class _Batch:
    """The ids as they stand, and as they shall stand."""

    def __init__(self, items: Sequence[Mapping[str, Any]], by: User) -> None:
        self.records = _locked(items, by)
        self.stored = {(ref.kind, ref.source, ref.value): ref for ref in _refs(map(_key, items))}
        self.owners: dict[Key, int | None] = {
            key: ref.object_id for key, ref in self.stored.items()
        }
        self.added: list[tuple[Key, int, IdRow]] = []

    def apply(self, item: Mapping[str, Any], row: IdRow) -> None:
        """Do one item in mind, or say why it can't be done."""
        record = self.records[item["kind"]].get(item["record"])
        if record is None:
            row.refuse("record", _("There is no such record that you may change."), status=404)
        elif refusal := _put_away(record):
            row.refuse("record", refusal.title, status=refusal.status)
        elif item["remove"]:
            self._take_away(item, row)
        else:
            self._add(item, row)

    def _add(self, item: Mapping[str, Any], row: IdRow) -> None:
        try:
            check_source(item["source"])
        except Problem as problem:
            row.refuse("source", problem.title)
            return
        key = _key(item)
        owner = self.owners.get(key)
        if owner not in (None, item["record"]):
            row.refuse("value", IdTaken.title, status=IdTaken.status)
            return
        if owner is None:
            row.status, row.outcome = 201, "created"
        self.owners[key] = item["record"]
        self.added.append((key, item["record"], row))

    def _take_away(self, item: Mapping[str, Any], row: IdRow) -> None:
        key = _key(item)
        if item["source"] == OWN_SYSTEM:
            row.refuse("source", IdOfMerged.title, status=IdOfMerged.status)
        elif self.owners.get(key) == item["record"]:
            self.owners[key] = None
            row.status, row.outcome = 204, "removed"

    def write(self, *, at: dt.datetime) -> None:
        """Store the difference; an id that somebody else was given meanwhile is theirs."""
        before = {key: ref.object_id for key, ref in self.stored.items()}
        changed = {key for key, owner in self.owners.items() if owner != before.get(key)}
        gone = [self.stored[key].pk for key in changed if key in self.stored]
        new = [
            ExternalRef(object_id=owner, **dict(zip(_NAMES, key, strict=True)))
            for key, owner in self.owners.items()
            if owner is not None and key in changed
        ]
        ExternalRef.objects.filter(pk__in=gone).delete()
        ExternalRef.objects.bulk_create(new, ignore_conflicts=True)
        stands = {(ref.kind, ref.source, ref.value): ref for ref in _refs(self.owners)}
        self._touch(changed, before, at=at)
        for key, record, row in self.added:
            ref = stands.get(key)
            if ref is not None and ref.object_id == record:
                row.id = ref.pk
            elif self.owners[key] == record:
                row.refuse("value", IdTaken.title, status=IdTaken.status)

    def _touch(self, keys: Iterable[Key], before: Mapping[Key, int], *, at: dt.datetime) -> None:
        """Make the records other versions: their ids are part of what is read of them."""
        touched: dict[str, set[int]] = {}
        for key in keys:
            numbers = before.get(key), self.owners[key]
            touched.setdefault(key[0], set()).update(filter(None, numbers))
        for kind, ids in touched.items():
            IDENTIFIED[kind]._default_manager.filter(pk__in=ids).update(updated_at=at)


def _key(item: Mapping[str, Any]) -> Key:
    return item["kind"], item["source"], item["value"]


def _locked(items: Sequence[Mapping[str, Any]], by: User) -> dict[str, dict[int, Any]]:
    """Return the records the caller may change, while merges and other writers wait."""
    found: dict[str, Any] = {}
    accounts = Q(pk__in=[])
    for kind, model in IDENTIFIED.items():
        if numbers := {item["record"] for item in items if item["kind"] == kind}:
            found[kind] = model.objects.editable_by(by).filter(pk__in=numbers).order_by()
            accounts |= Q(pk__in=found[kind].values("pk" if model is Account else "account_id"))
    list(Account.objects.filter(accounts).order_by("pk").select_for_update(no_key=True))
    return {
        kind: {
            row.pk: row for row in (rows if kind == "account" else rows.select_related("account"))
        }
        for kind, rows in found.items()
    }


def _refs(keys: Iterable[Key]) -> Iterator[ExternalRef]:
    """Return the rows there are of these ids."""
    wanted: dict[tuple[str, str], set[str]] = {}
    for kind, source, value in keys:
        wanted.setdefault((kind, source), set()).add(value)
    rule = Q(pk__in=[])
    for (kind, source), values in wanted.items():
        rule |= Q(kind=kind, source=source, value__in=values)
    return ExternalRef.objects.filter(rule).order_by("pk").iterator()


def _put_away(record: Any) -> type[Problem] | None:
    """Return why a record takes no ids."""
    account = record if isinstance(record, Account) else record.account
    if account.archived_at is not None:
        return AccountArchived
    if any(getattr(record, name, None) for name in ("archived_at", "retracted_at")):
        return RecordPutAway
    return None
