"""What lists of tickets, invoices, payments and milestones can be filtered by."""

import datetime as dt
from typing import Any

import django_filters as filters
from django.db.models import QuerySet

from accounts.models import Invoice, InvoicePayment, OnboardingMilestone, Organisation, Ticket
from config.lib.clock import app_now


def _today() -> dt.date:
    today: dt.date = Organisation.objects.day_of(app_now())
    return today


class TicketFilter(filters.FilterSet):
    open = filters.BooleanFilter(field_name="resolved_at", lookup_expr="isnull")
    opened_at = filters.IsoDateTimeFromToRangeFilter()
    resolved_at = filters.IsoDateTimeFromToRangeFilter()
    updated_at = filters.IsoDateTimeFromToRangeFilter()

    class Meta:
        model = Ticket
        fields = ("account", "contact", "external_id", "severity", "state")


class InvoiceFilter(filters.FilterSet):
    issued_on = filters.DateFromToRangeFilter()
    due_on = filters.DateFromToRangeFilter()
    updated_at = filters.IsoDateTimeFromToRangeFilter()
    paid = filters.BooleanFilter(method="by_payment")
    late = filters.BooleanFilter(method="by_lateness")

    class Meta:
        model = Invoice
        fields = ("account", "contract", "external_id", "currency")

    def by_payment(self, rows: Any, name: str, value: bool) -> QuerySet[Any]:
        """Keep invoices that are paid in full, or those that are not."""
        return rows.filter(balance__lte=0) if value else rows.filter(balance__gt=0)

    def by_lateness(self, rows: Any, name: str, value: bool) -> QuerySet[Any]:
        """Keep invoices that are past due today and not paid in full, or the others."""
        late = {"due_on__lt": _today(), "balance__gt": 0}
        return rows.filter(**late) if value else rows.exclude(**late)


class PaymentFilter(filters.FilterSet):
    paid_on = filters.DateFromToRangeFilter()
    account = filters.NumberFilter(field_name="invoice__account")

    class Meta:
        model = InvoicePayment
        fields = ("invoice",)


class MilestoneFilter(filters.FilterSet):
    due_on = filters.DateFromToRangeFilter()
    done = filters.BooleanFilter(field_name="done_on", lookup_expr="isnull", exclude=True)
    late = filters.BooleanFilter(method="by_lateness")

    class Meta:
        model = OnboardingMilestone
        fields = ("account", "key", "is_first_value")

    def by_lateness(self, rows: Any, name: str, value: bool) -> QuerySet[Any]:
        """Keep milestones that are past due today and not reached, or the others."""
        late = {"due_on__lt": _today(), "done_on__isnull": True}
        return rows.filter(**late) if value else rows.exclude(**late)
