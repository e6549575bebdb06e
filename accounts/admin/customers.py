"""Accounts, contacts, contracts, stakeholders and touchpoints for operators."""

import datetime as dt
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin.base import ReadOnlyAdmin, ReadOnlyInline, ServiceAdmin
from accounts.domain.names import fold_for_search
from accounts.models import (
    Account,
    AccountPhaseFact,
    AccountRole,
    AccountStatusFact,
    AttributeValue,
    Contact,
    Contract,
    ContractTerm,
    DirtyAccount,
    StakeholderRole,
    Touchpoint,
    User,
)
from accounts.selectors.touchpoint_types import type_choices, type_label
from accounts.services.accounts import archive_account, create_account, update_account
from accounts.services.contacts import archive_contact, create_contact, update_contact
from accounts.services.contracts import archive_contract, create_contract, update_contract
from config.lib.clock import app_now


class FoldedSearchAdmin(ServiceAdmin):
    """Search as the product does: width, case and kana make no difference."""

    search_fields = ("search_text",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return super().get_search_results(request, queryset, fold_for_search(search_term))


class StatusFacts(ReadOnlyInline):
    model = AccountStatusFact
    fields = ("status", "starts_on", "ends_on", "recorded_at", "retracted_at")
    readonly_fields = fields


class PhaseFacts(ReadOnlyInline):
    model = AccountPhaseFact
    fields = ("phase", "starts_on", "ends_on", "recorded_at", "retracted_at")
    readonly_fields = fields


class AttributeValues(ReadOnlyInline):
    model = AttributeValue
    fields = ("key", "value", "starts_on", "ends_on", "recorded_at", "retracted_at")
    readonly_fields = fields


class Roles(ReadOnlyInline):
    model = AccountRole
    fields = ("role", "user", "starts_on", "ends_on", "recorded_at", "retracted_at")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("user", "account")


@admin.register(Account)
class AccountAdmin(FoldedSearchAdmin):
    list_display = ("name", "external_id", "status", "tier", "team", "arr", "renewal_on")
    list_filter = ("status", "tier", "phase", ("archived_at", admin.EmptyFieldListFilter))
    list_select_related = ("team",)
    ordering = ("name_kana", "pk")
    raw_id_fields = ("parent", "sold_via", "billed_via")
    inlines = (StatusFacts, PhaseFacts, AttributeValues, Roles)
    actions = ("archive",)
    fields = (
        ("name", "short_name"),
        ("name_kana", "name_latin"),
        ("external_id", "corporate_number"),
        ("kind", "team", "parent"),
        ("status", "phase", "tier", "touch_model"),
        ("tracked", "language", "country"),
        ("fiscal_year_end_month", "budget_month"),
        ("sold_via", "billed_via"),
        ("customer_since_on", "live_on"),
        ("arr", "mrr", "currency", "licensed_users", "renewal_on"),
        ("churned_on", "archived_at"),
    )
    readonly_fields = (
        "arr",
        "mrr",
        "currency",
        "licensed_users",
        "renewal_on",
        "churned_on",
        "archived_at",
    )

    def make(self, values: dict[str, Any], *, by: User, at: dt.datetime) -> Account:
        return create_account(by=by, at=at, **values)

    def change(self, row: Any, values: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        update_account(account=row, changes=values, by=by, at=at)

    @admin.action(description=_("Archive the selected accounts"), permissions=["change"])
    def archive(self, request: HttpRequest, queryset: QuerySet[Account]) -> None:
        _archive(self, request, queryset, lambda row, **who: archive_account(account=row, **who))


@admin.register(Contact)
class ContactAdmin(FoldedSearchAdmin):
    list_display = ("__str__", "email", "account", "department", "title", "state")
    list_filter = ("state", "is_ghost", ("archived_at", admin.EmptyFieldListFilter))
    list_select_related = ("account",)
    ordering = ("family_kana", "pk")
    raw_id_fields = ("account", "successor")
    actions = ("archive",)
    fields = (
        "account",
        ("family_name", "given_name"),
        ("family_kana", "given_kana"),
        ("family_name_latin", "given_name_latin"),
        ("email", "phone"),
        ("department", "title"),
        ("external_id", "language"),
        ("state", "successor"),
        ("in_post_since_on", "state_on", "left_on", "archived_at"),
        ("approach", "message"),
    )
    readonly_fields = ("state_on", "left_on", "archived_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Leave a contact at their account: who moves on is another contact."""
        own = super().get_readonly_fields(request, obj)
        return (*own, "account") if obj else (*own, "state", "successor")

    def make(self, values: dict[str, Any], *, by: User, at: dt.datetime) -> Contact:
        return create_contact(by=by, at=at, **values)

    def change(self, row: Any, values: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        update_contact(contact=row, changes=values, by=by, at=at)

    @admin.action(description=_("Archive the selected contacts"), permissions=["change"])
    def archive(self, request: HttpRequest, queryset: QuerySet[Contact]) -> None:
        _archive(self, request, queryset, lambda row, **who: archive_contact(contact=row, **who))


class Terms(ReadOnlyInline):
    model = ContractTerm
    fields = ("arr", "seats", "reason", "starts_on", "ends_on", "recorded_at", "retracted_at")
    readonly_fields = fields


@admin.register(Contract)
class ContractAdmin(ServiceAdmin):
    list_display = ("__str__", "account", "kind", "starts_on", "ends_on", "approval_state")
    list_filter = ("kind", "forecast", "approval_state")
    list_select_related = ("account",)
    search_fields = ("product", "external_id", "account__search_text")
    ordering = ("-starts_on", "pk")
    raw_id_fields = ("account",)
    inlines = (Terms,)
    actions = ("archive",)
    exclude = ("archived_at",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("account",) if obj else ()

    def make(self, values: dict[str, Any], *, by: User, at: dt.datetime) -> Contract:
        return create_contract(arr=0, by=by, at=at, **values)

    def change(self, row: Any, values: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        update_contract(contract=row, changes=values, by=by, at=at)

    @admin.action(description=_("Archive the selected contracts"), permissions=["change"])
    def archive(self, request: HttpRequest, queryset: QuerySet[Contract]) -> None:
        _archive(self, request, queryset, lambda row, **who: archive_contract(contract=row, **who))


@admin.register(StakeholderRole)
class StakeholderRoleAdmin(ReadOnlyAdmin):
    list_display = ("contact", "role", "account", "starts_on", "ends_on", "confirmed_on")
    list_filter = ("role", ("retracted_at", admin.EmptyFieldListFilter))
    list_select_related = ("contact", "account")
    search_fields = ("contact__search_text",)
    ordering = ("-pk",)


class TypeListFilter(admin.SimpleListFilter):
    """The types of the organisation by name, without a look at every talk."""

    title = _("type")
    parameter_name = "type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return type_choices()

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(type=self.value()) if self.value() else queryset


@admin.register(Touchpoint)
class TouchpointAdmin(ReadOnlyAdmin):
    """Words between people: operators see that there was a talk, not what was said."""

    date_hierarchy = "occurred_at"
    list_display = ("subject", "account", "type_name", "direction", "occurred_at", "retracted_at")
    list_filter = (TypeListFilter, "direction")
    list_select_related = ("account",)
    search_fields = ("subject",)
    ordering = ("-occurred_at", "-pk")
    exclude = ("body", "decisions", "contacts", "users")

    @admin.display(description=_("type"), ordering="type")
    def type_name(self, talk: Touchpoint) -> str:
        return type_label(talk.type)


@admin.register(DirtyAccount)
class DirtyAccountAdmin(ReadOnlyAdmin):
    search_fields = ("account__search_text",)
    list_filter = ("reason",)
    list_display = ("account", "reason", "first_at", "since")
    list_select_related = ("account",)
    ordering = ("first_at", "pk")


def _archive(page: ServiceAdmin, request: HttpRequest, rows: QuerySet[Any], archive: Any) -> None:
    at = app_now()
    count = len([archive(row, by=request.user, at=at) for row in rows.order_by("pk")])
    said = ngettext("%(count)d row was archived.", "%(count)d rows were archived.", count)
    messages.success(request, said % {"count": count})
