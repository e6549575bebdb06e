"""Ids and links: whoever pointed at the record that goes points at the one that stays."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.choices import MailState, MergeEffect, MergeKind
from accounts.models import Account, AccountDomain, Contact, ExternalRef, MailMessage
from accounts.registry import MergePart, NewRows, RowChange, merge_parts
from accounts.services.merges.accounts import is_below
from accounts.services.merges.records import old_id


def _account_ids(*, source: Account, target: Account, at: dt.datetime) -> Iterator[Any]:
    refs = ExternalRef.objects.filter(kind=MergeKind.ACCOUNT, object_id=source.pk)
    yield RowChange(refs, {"object_id": target.pk})
    yield NewRows(old_id(MergeKind.ACCOUNT, source, target), MergeEffect.NOTED)


def _contact_ids(*, source: Contact, target: Contact, at: dt.datetime) -> Iterator[Any]:
    refs = ExternalRef.objects.filter(kind=MergeKind.CONTACT, object_id=source.pk)
    yield RowChange(refs, {"object_id": target.pk})
    yield NewRows(old_id(MergeKind.CONTACT, source, target), MergeEffect.NOTED)


def _merged_accounts(*, source: Account, target: Account, at: dt.datetime) -> Iterator[RowChange]:
    earlier = Account.objects.filter(merged_into=source)
    yield RowChange(earlier, {"merged_into_id": target.pk})


def _merged_contacts(*, source: Contact, target: Contact, at: dt.datetime) -> Iterator[RowChange]:
    earlier = Contact.objects.filter(merged_into=source)
    yield RowChange(earlier, {"merged_into_id": target.pk})


def _domains(*, source: Account, target: Account, at: dt.datetime) -> Iterator[RowChange]:
    known = AccountDomain.objects.filter(account=target).values("domain")
    rows = AccountDomain.objects.filter(account=source).exclude(domain__in=known)
    yield RowChange(rows, {"account_id": target.pk})


def _hierarchy(*, source: Account, target: Account, at: dt.datetime) -> Iterator[RowChange]:
    """A target below the source takes its place, so that no circle can close."""
    if is_below(target, source):
        place = Account.objects.filter(pk=target.pk)
        yield RowChange(place, {"parent_id": source.parent_id})
    children = Account.objects.filter(parent=source).exclude(pk=target.pk)
    yield RowChange(children, {"parent_id": target.pk})
    for link in ("sold_via", "billed_via"):
        own = Account.objects.filter(pk=target.pk, **{link: source})
        yield RowChange(own, {f"{link}_id": None})
        others = Account.objects.filter(**{link: source}).exclude(pk=target.pk)
        yield RowChange(others, {f"{link}_id": target.pk})


def _pointers(*, source: Contact, target: Contact, at: dt.datetime) -> Iterator[RowChange]:
    for link in ("successor", "moved_from"):
        own = Contact.objects.filter(pk=target.pk, **{link: source})
        yield RowChange(own, {f"{link}_id": None})
        others = Contact.objects.filter(**{link: source}).exclude(pk=target.pk)
        yield RowChange(others, {f"{link}_id": target.pk})


def _account_mails(*, source: Account, target: Account, at: dt.datetime) -> Iterator[RowChange]:
    waiting = MailMessage.objects.filter(account=source, state=MailState.QUEUED)
    yield RowChange(waiting, {"account_id": target.pk})


def _contact_mails(*, source: Contact, target: Contact, at: dt.datetime) -> Iterator[RowChange]:
    waiting = MailMessage.objects.filter(contact=source, state=MailState.QUEUED)
    yield RowChange(waiting, {"contact_id": target.pk, "account_id": target.account_id})


_IDS, _MAILS = _("Ids in other systems"), _("Mails not sent yet")
_EARLIER = _("Earlier merges")
for part in (
    MergePart("account_ids", _IDS, MergeKind.ACCOUNT, 10, _account_ids),
    MergePart("account_merges", _EARLIER, MergeKind.ACCOUNT, 11, _merged_accounts),
    MergePart("domains", _("Domains"), MergeKind.ACCOUNT, 12, _domains),
    MergePart("hierarchy", _("Accounts below or sold through it"), "account", 13, _hierarchy),
    MergePart("account_mails", _MAILS, MergeKind.ACCOUNT, 90, _account_mails),
    MergePart("contact_ids", _IDS, MergeKind.CONTACT, 10, _contact_ids),
    MergePart("contact_merges", _EARLIER, MergeKind.CONTACT, 11, _merged_contacts),
    MergePart("pointers", _("Predecessors and successors"), MergeKind.CONTACT, 12, _pointers),
    MergePart("contact_mails", _MAILS, MergeKind.CONTACT, 90, _contact_mails),
):
    merge_parts.register(part.key)(part)
