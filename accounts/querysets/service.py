"""Tickets, invoices with their payments, and milestones."""

import datetime as dt
from typing import Self

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

    def late(self, *, on: dt.date) -> Self:
        """Keep standing invoices that by day `on` are past due and not paid in full."""
        return self.standing().filter(due_on__lt=on, balance__gt=0)


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
