"""Tickets, invoices with their payments, and milestones."""

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.choices import RecordKind
from accounts.querysets.reach import ScopedQuerySet
from config.lib.recorded import RecordedQuerySet


class TicketQuerySet(ScopedQuerySet):
    record_kind = RecordKind.TICKET

    def standing(self) -> Self:
        """Leave out what was retracted."""
        return self.filter(retracted_at__isnull=True)

    def open(self) -> Self:
        """Keep standing tickets that are not resolved."""
        return self.standing().filter(resolved_at__isnull=True)


class TicketStateQuerySet(ScopedQuerySet, RecordedQuerySet):  # type: ignore[override]
    account_path = "ticket__account"
    record_kind = RecordKind.TICKET


class InvoiceQuerySet(ScopedQuerySet):
    record_kind = RecordKind.INVOICE

    def standing(self) -> Self:
        """Leave out what was retracted."""
        return self.filter(retracted_at__isnull=True)

    def with_payments(self) -> Self:
        """Annotate `paid_amount`, `balance` (below zero when too much came in) and `paid_on`.

        `paid_on` is the day of the last payment of an invoice that is paid in full, else null.
        """
        payments: Any = self.model._meta.get_field("payments").related_model
        own = payments.objects.filter(invoice=OuterRef("pk"), retracted_at=None).order_by()
        amount = models.DecimalField(max_digits=18, decimal_places=2)
        total = Subquery(own.values("invoice").annotate(n=models.Sum("amount")).values("n"))
        paid = Coalesce(total, Value(0), output_field=amount)
        last = Subquery(own.order_by("-paid_on").values("paid_on")[:1])
        summed = self.annotate(paid_amount=paid, balance=F("amount") - paid)
        return summed.annotate(paid_on=models.Case(models.When(balance__lte=0, then=last)))

    def late(self, *, on: dt.date) -> Self:
        """Keep standing invoices that by day `on` are past due and not paid in full."""
        return self.standing().with_payments().filter(due_on__lt=on, balance__gt=0)


class PaymentQuerySet(ScopedQuerySet):
    account_path = "invoice__account"
    record_kind = RecordKind.INVOICE

    def standing(self) -> Self:
        """Leave out what was retracted, with its invoice or alone."""
        return self.filter(retracted_at__isnull=True, invoice__retracted_at__isnull=True)


class MilestoneQuerySet(ScopedQuerySet):
    def standing(self) -> Self:
        """Leave out what was retracted."""
        return self.filter(retracted_at__isnull=True)
