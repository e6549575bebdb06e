"""One account goes into another: ids and open items move, closed facts stay where they happened."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from accounts.choices import MergeKind
from accounts.models import Account, Contact, MergeRecord, User
from accounts.registry import NewRows, RowChange
from accounts.selectors.attributes import attributes_named
from accounts.services.accounts import update_account
from accounts.services.authors import written_by
from accounts.services.contract_figures import refresh_contract_figures
from accounts.services.dirty import mark_accounts_dirty
from accounts.services.hierarchy import hold_tree
from accounts.services.merges.choices import FieldChoice, check_keep, choose, choose_columns
from accounts.services.merges.contacts import join_contact
from accounts.services.merges.moves import (
    add_rows,
    carry_out,
    change_rows,
    counted,
    hold_merges,
)
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
    "name",
    "short_name",
    "name_kana",
    "name_latin",
    "external_id",
    "corporate_number",
    "kind",
    "status",
    "phase",
    "tier",
    "touch_model",
    "tracked",
    "team",
    "parent",
    "sold_via",
    "billed_via",
    "language",
    "country",
    "fiscal_year_end_month",
    "budget_month",
    "customer_since_on",
    "live_on",
)
LINKS = ("parent", "sold_via", "billed_via")


def preview_account_merge(
    *, source: Account, into: Account, at: dt.datetime, keep: Mapping[str, str] | None = None
) -> MergePreview:
    """Say what merging `source` into another account would do, without doing it.

    :param keep: `source` or `target` for each field whose value is chosen.
    :raises MergeOfOne: for one account twice.
    :raises AlreadyMerged: where one is archived.
    :raises BadChoice: for a field there is not.
    """
    _refuse(source, into)
    people = same_people(source, into)
    counts = counted(MergeKind.ACCOUNT, source=source, target=into, at=at)
    for gone, stays in people:
        counts.update(counted(MergeKind.CONTACT, source=gone, target=stays, at=at))
    return MergePreview(
        source, into, _fields(source, into, keep or {}), worded_counts(counts), people
    )


def merge_accounts(
    *,
    source: Account,
    into: Account,
    at: dt.datetime,
    keep: Mapping[str, str] | None = None,
    by: User | None = None,
) -> MergeRecord:
    """Let `source` go into another account and return what the undo needs.

    Ids and open items move over; people with one mail address become one person; the source is
    archived with its closed facts and leads to the target from then on.

    :param keep: `source` or `target` for each field whose value is chosen.
    :raises MergeOfOne: for one account twice.
    :raises AlreadyMerged: where one is archived or was merged.
    :raises BadChoice: for a field there is not.
    """
    if source.pk == into.pk:
        raise MergeOfOne
    with written_by(by):
        hold_merges()
        source, target = _lock(source, into)
        _refuse(source, target)
        fields = _fields(source, target, keep or {})
        record = start_record(
            kind=MergeKind.ACCOUNT, source=source, target=target, account=target, at=at, by=by
        )
        for gone, stays in same_people(source, target):
            join_contact(record, source=gone, target=stays, at=at)
        carry_out(record, MergeKind.ACCOUNT, source=source, target=target, at=at)
        record.values = taken_over(fields)
        _retire(record, source, target, at=at)
        apply_account_values(target, fields_after(record.values), on=None, at=at)
        refresh_contract_figures(account_ids=[source.pk, target.pk], at=at)
        _note_first_contract(record, target)
        record.save(update_fields=["values"])
        mark_accounts_dirty(account_ids=[source.pk, target.pk], reason="merge", at=at)
    return record


def lock_accounts(ids: set[int]) -> dict[int, Account]:
    """Lock these accounts and all that point at them, in the order of their keys; then the tree."""
    pointing = Q(pk__in=ids) | Q(merged_into__in=ids)
    for link in LINKS:
        pointing |= Q(**{f"{link}__in": ids})
    rows = Account.objects.filter(pointing).select_for_update(no_key=True)
    locked = {account.pk: account for account in rows.order_by("pk")}
    hold_tree(Account._meta.db_table)
    return locked


def same_people(source: Account, target: Account) -> list[tuple[Contact, Contact]]:
    """Return (one who goes, one who stays) for each mail address both accounts know."""
    known = Contact.objects.filter(archived_at__isnull=True).exclude(email="")
    known = known.annotate(address=Lower("email"))
    ours = {person.address: person for person in known.filter(account=target)}
    theirs = known.filter(account=source, address__in=list(ours)).order_by("pk")
    return [(person, ours[person.address]) for person in theirs]


def apply_account_values(
    account: Account, values: Mapping[str, Any], *, on: dt.date | None, at: dt.datetime
) -> None:
    """Set fields of an account from stored values; links come as ids, attributes one by one."""
    changes: dict[str, Any] = {}
    for name, value in values.items():
        if name.startswith("attributes."):
            changes.setdefault("attributes", {})[name.removeprefix("attributes.")] = value
        else:
            changes[name] = _read(name, value)
    if changes:
        update_account(account=account, changes=changes, on=on, at=at)


def fields_after(values: Mapping[str, list[Any]]) -> dict[str, Any]:
    """Return what each field became."""
    return {name: after for name, (_before, after) in values.items()}


def _read(name: str, value: Any) -> Any:
    column: Any = Account._meta.get_field(name)
    if column.is_relation:
        return value and column.related_model._base_manager.get(pk=value)
    return column.to_python(value)


def _lock(source: Account, into: Account) -> tuple[Account, Account]:
    locked = lock_accounts({source.pk, into.pk})
    people = Contact.objects.filter(account__in=locked.keys() & {source.pk, into.pk})
    list(people.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    return locked[source.pk], locked[into.pk]


def _refuse(source: Account, target: Account) -> None:
    if source.pk == target.pk:
        raise MergeOfOne
    if source.archived_at or target.archived_at or source.merged_into_id or target.merged_into_id:
        raise AlreadyMerged


def _fields(source: Account, target: Account, keep: Mapping[str, str]) -> list[FieldChoice]:
    check_keep(keep, known=set(FIELDS))
    names = [name for name in FIELDS if name not in LINKS or not _points(source, target, name)]
    chosen = choose_columns(source=source, target=target, names=names, keep=keep)
    keys = sorted({*source.attributes, *target.attributes})
    named = attributes_named(keys)
    for key in keys:
        values = (source.attributes.get(key), target.attributes.get(key))
        label, word = named[key]
        words = word(values[0]), word(values[1])
        choice = choose(f"attributes.{key}", label, *values, keep, words)
        chosen += [choice] if choice else []
    return chosen


def _points(source: Account, target: Account, link: str) -> bool:
    """Say whether one of both is the other's parent, or the one it is sold or billed through."""
    ids = {getattr(source, f"{link}_id"), getattr(target, f"{link}_id")}
    return bool(ids & {source.pk, target.pk}) or (link == "parent" and is_below(target, source))


def is_below(account: Account, other: Account) -> bool:
    """Say whether an account stands anywhere below another."""
    seen: set[int] = set()
    at: Account | None = account.parent
    while at is not None and at.pk not in seen:
        if at.pk == other.pk:
            return True
        seen.add(at.pk)
        at = at.parent
    return False


def _note_first_contract(record: MergeRecord, target: Account) -> None:
    """Remember that the contracts which came made the target a customer since their first day."""
    since = Account.objects.values_list("customer_since_on", flat=True).get(pk=target.pk)
    if target.customer_since_on is None and since is not None:
        record.values["customer_since_on"] = [None, since.isoformat()]


def _retire(record: MergeRecord, source: Account, target: Account, *, at: dt.datetime) -> None:
    """Archive the source. An own-system id the target takes over is exchanged for its own."""
    row: QuerySet[Any] = Account.objects.filter(pk=source.pk)
    gone = {"archived_at": at, "merged_into_id": target.pk}
    if "external_id" in record.values:
        target_id = target.external_id
        add_rows(record, "account", NewRows(old_id(MergeKind.ACCOUNT, target, target)))
        Account.objects.filter(pk=target.pk).update(external_id=None)
        change_rows(record, "account", RowChange(row, gone | {"external_id": target_id}), at=at)
    else:
        change_rows(record, "account", RowChange(row, gone), at=at)
