"""Tickets, invoices, payments and onboarding milestones for operators."""

import datetime as dt
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin.base import ReadOnlyInline, ServiceAdmin
from accounts.models import (
    Invoice,
    InvoicePayment,
    OnboardingMilestone,
    Ticket,
    TicketStateFact,
    User,
)
from accounts.services.invoices import correct_invoice, record_invoice
from accounts.services.milestones import set_milestone, update_milestone
from accounts.services.tickets import record_ticket, update_ticket


class StandingAdmin(ServiceAdmin):
    """Records of an account that are corrected but never move; retracted ones are history."""

    list_select_related = ("account",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).filter(retracted_at=None)
        return rows

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("account",) if obj else ()


class States(ReadOnlyInline):
    model = TicketStateFact
    fields = ("state", "starts_on", "ends_on", "recorded_at", "retracted_at")
    readonly_fields = fields


@admin.register(Ticket)
class TicketAdmin(StandingAdmin):
    list_display = ("subject", "account", "severity", "state", "opened_at", "resolved_at")
    list_filter = ("state", "severity")
    search_fields = ("subject", "external_id", "account__search_text")
    ordering = ("-opened_at", "-pk")
    raw_id_fields = ("account", "contact")
    inlines = (States,)
    fields = (
        "account",
        "contact",
        "external_id",
        "subject",
        "severity",
        "state",
        "opened_at",
        "resolved_at",
        "csat",
    )

    def make(self, values: dict[str, Any], *, by: User, at: dt.datetime) -> Ticket:
        return record_ticket(by=by, at=at, **values)

    def change(self, row: Any, values: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        update_ticket(ticket=row, changes=values, by=by, at=at)


class Payments(ReadOnlyInline):
    model = InvoicePayment
    fields = ("paid_on", "amount", "recorded_at", "retracted_at")
    readonly_fields = fields


@admin.register(Invoice)
class InvoiceAdmin(StandingAdmin):
    list_display = ("__str__", "account", "amount", "currency", "issued_on", "due_on")
    list_filter = ("currency", "due_on")
    search_fields = ("external_id", "account__search_text")
    ordering = ("-due_on", "-pk")
    raw_id_fields = ("account", "contract")
    inlines = (Payments,)

    def make(self, values: dict[str, Any], *, by: User, at: dt.datetime) -> Invoice:
        return record_invoice(by=by, at=at, **values)

    def change(self, row: Any, values: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        correct_invoice(invoice=row, changes=values, by=by, at=at)


@admin.register(OnboardingMilestone)
class MilestoneAdmin(StandingAdmin):
    list_display = ("__str__", "account", "due_on", "done_on", "is_first_value")
    list_filter = ("is_first_value", ("done_on", admin.EmptyFieldListFilter))
    search_fields = ("key", "label_en", "label_ja", "account__search_text")
    ordering = ("-due_on", "-pk")
    raw_id_fields = ("account",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("account", "key") if obj else ()

    def make(self, values: dict[str, Any], *, by: User, at: dt.datetime) -> OnboardingMilestone:
        return set_milestone(by=by, at=at, **values)

    def change(self, row: Any, values: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        update_milestone(milestone=row, changes=values, by=by, at=at)
