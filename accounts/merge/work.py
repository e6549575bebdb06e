"""Open items: contracts in force, open tickets and invoices, milestones, drafts, to-dos."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.choices import MergeKind
from accounts.models import (
    Account,
    Contact,
    Contract,
    Invoice,
    OnboardingMilestone,
    Organisation,
    Ticket,
    Touchpoint,
    TouchpointTodo,
)
from accounts.registry import MergePart, RowChange, merge_parts


def _contracts(*, source: Account, target: Account, at: dt.datetime) -> Iterator[RowChange]:
    today = Organisation.objects.day_of(at)
    rows = Contract.objects.unarchived().lasting(on=today).filter(account=source)
    yield RowChange(rows, {"account_id": target.pk})


def _tickets(*, source: Account, target: Account, at: dt.datetime) -> Iterator[RowChange]:
    rows = Ticket.objects.filter(account=source, resolved_at__isnull=True)
    yield RowChange(rows, {"account_id": target.pk})


def _invoices(*, source: Account, target: Account, at: dt.datetime) -> Iterator[RowChange]:
    standing = Q(payments__retracted_at__isnull=True)
    rows = Invoice.objects.filter(account=source, retracted_at__isnull=True)
    paid: Any = Coalesce(Sum("payments__amount", filter=standing), F("amount") * 0)
    unpaid = rows.annotate(paid=paid).filter(paid__lt=F("amount"))
    yield RowChange(Invoice.objects.filter(pk__in=unpaid.values("pk")), {"account_id": target.pk})


def _milestones(*, source: Account, target: Account, at: dt.datetime) -> Iterator[RowChange]:
    known = OnboardingMilestone.objects.filter(account=target).values("key")
    rows = OnboardingMilestone.objects.filter(account=source, done_on__isnull=True)
    yield RowChange(rows.exclude(key__in=known), {"account_id": target.pk})


def _drafts(*, source: Account, target: Account, at: dt.datetime) -> Iterator[RowChange]:
    known = Touchpoint.objects.filter(account=target, external_id__isnull=False)
    rows = Touchpoint.objects.filter(account=source, is_draft=True, retracted_at__isnull=True)
    double = Q(external_id__isnull=False, external_id__in=known.values("external_id"))
    yield RowChange(rows.exclude(double), {"account_id": target.pk})


def _attendance(*, source: Contact, target: Contact, at: dt.datetime) -> Iterator[RowChange]:
    through: Any = Touchpoint.contacts.through
    there = through.objects.filter(contact=target).values("touchpoint")
    rows = through.objects.filter(contact=source, touchpoint__is_draft=True)
    yield RowChange(rows.exclude(touchpoint__in=there), {"contact_id": target.pk})


def _todos(*, source: Contact, target: Contact, at: dt.datetime) -> Iterator[RowChange]:
    rows = TouchpointTodo.objects.filter(contact=source, done_on__isnull=True)
    yield RowChange(rows, {"contact_id": target.pk})


def _asked(*, source: Contact, target: Contact, at: dt.datetime) -> Iterator[RowChange]:
    rows = Ticket.objects.filter(contact=source, resolved_at__isnull=True)
    yield RowChange(rows, {"contact_id": target.pk})


for part in (
    MergePart("contracts", _("Contracts in force or to come"), "account", 30, _contracts),
    MergePart("tickets", _("Open tickets"), MergeKind.ACCOUNT, 31, _tickets),
    MergePart("invoices", _("Unpaid invoices"), MergeKind.ACCOUNT, 32, _invoices),
    MergePart("milestones", _("Milestones not reached yet"), "account", 33, _milestones),
    MergePart("drafts", _("Drafts of touchpoints"), MergeKind.ACCOUNT, 34, _drafts),
    MergePart("attendance", _("Drafts of touchpoints"), MergeKind.CONTACT, 34, _attendance),
    MergePart("todos", _("Open to-dos"), MergeKind.CONTACT, 35, _todos),
    MergePart("asked", _("Open tickets"), MergeKind.CONTACT, 36, _asked),
):
    merge_parts.register(part.key)(part)
