"""Our own house for operators: organisation, people, teams, who may see what, keys."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin.base import ReadOnlyAdmin, ServiceAdmin
from accounts.forms.house import OrganisationForm
from accounts.models import (
    AccessPolicy,
    AccountShare,
    ApiToken,
    AttributeDefinition,
    FxRate,
    Organisation,
    Team,
    User,
)
from accounts.services.organisation import update_organisation
from accounts.services.rates import record_rate
from accounts.services.teams import create_team, update_team
from accounts.services.tokens import revoke_api_token
from accounts.services.users import create_user, set_user_password, update_user
from config.lib.clock import app_now


@admin.register(Organisation)
class OrganisationAdmin(ServiceAdmin):
    """One installation is one organisation; its page in the settings makes it as well."""

    form = OrganisationForm
    list_display = ("name", "time_zone", "currency", "fiscal_year_month")
    ordering = ("pk",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def change(self, row: Any, values: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        update_organisation(changes=values, by=by)


class UserForm(forms.ModelForm):  # type: ignore[type-arg]
    teams = forms.ModelMultipleChoiceField(
        label=_("teams"), queryset=Team.objects.order_by("pk"), required=False
    )
    password = forms.CharField(
        label=_("new password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Leave it empty to keep the present one."),
    )

    class Meta:
        model = User
        fields = (
            "email",
            "family_name",
            "given_name",
            "family_name_latin",
            "given_name_latin",
            "role",
            "language",
            "time_zone",
            "is_active",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["teams"] = list(self.instance.teams.values_list("pk", flat=True))


@admin.register(User)
class UserAdmin(ServiceAdmin):
    form = UserForm
    list_display = ("email", "__str__", "role", "is_active", "last_sign_in")
    list_filter = ("role", "is_active", "teams")
    search_fields = ("email", "family_name", "given_name", "given_name_latin")
    ordering = ("email", "pk")

    @admin.display(description=_("last sign-in"), ordering="last_login")
    def last_sign_in(self, row: User) -> dt.datetime | None:
        return row.last_login

    def make(self, values: dict[str, Any], *, by: User, at: dt.datetime) -> User:
        values["password"] = values["password"] or None
        return create_user(by=by, at=at, **values)

    def change(self, row: Any, values: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        password = values.pop("password", "")
        update_user(user=row, changes=values, by=by, at=at)
        if password:
            set_user_password(user=row, password=password, by=by)


@admin.register(Team)
class TeamAdmin(ServiceAdmin):
    list_display = ("name", "name_en", "parent", "country")
    list_select_related = ("parent",)
    search_fields = ("name", "name_en")
    ordering = ("pk",)
    fields = ("name", "name_en", "parent", "country")

    def make(self, values: dict[str, Any], *, by: User, at: dt.datetime) -> Team:
        return create_team(by=by, **values)

    def change(self, row: Any, values: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        update_team(team=row, changes=values, by=by)


@admin.register(AccessPolicy)
class AccessPolicyAdmin(ReadOnlyAdmin):
    """Who may see what where it differs from the default; changed on its page in the settings."""

    list_display = ("role", "kind", "read_scope", "write_scope")
    list_filter = ("role", "kind")
    ordering = ("role", "kind")


@admin.register(AccountShare)
class AccountShareAdmin(ReadOnlyAdmin):
    search_fields = ("account__search_text", "user__email", "team__name")
    date_hierarchy = "created_at"
    list_display = ("account", "user", "team", "created_at")
    list_select_related = ("account", "user", "team")
    ordering = ("-pk",)


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    date_hierarchy = "created_at"
    list_display = ("name", "prefix", "user", "scopes", "expires_at", "last_used_at", "revoked_at")
    list_select_related = ("user",)
    search_fields = ("name", "prefix", "user__email")
    ordering = ("-pk",)
    exclude = ("digest",)
    actions = ("revoke",)

    @admin.action(description=_("Revoke the selected tokens"), permissions=["view"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        person: Any = request.user
        at = app_now()
        for token in queryset.order_by("pk"):
            revoke_api_token(token=token, by=person, at=at)
        count = queryset.count()
        said = ngettext("%(count)d token was revoked.", "%(count)d tokens were revoked.", count)
        messages.success(request, said % {"count": count})


@admin.register(AttributeDefinition)
class AttributeDefinitionAdmin(ReadOnlyAdmin):
    """Custom attributes; declared and changed on their page, which reads formulas first."""

    search_fields = ("key", "label_en", "label_ja")
    list_filter = ("type", "is_archived")
    list_display = ("key", "type", "label_en", "label_ja", "is_archived")
    ordering = ("key",)


@admin.register(FxRate)
class FxRateAdmin(ServiceAdmin):
    """Exchange rates; a correction is a new row, the old one was true when it was used."""

    list_display = ("currency", "on", "rate", "recorded_at")
    list_filter = ("currency",)
    ordering = ("-on", "currency", "pk")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def make(self, values: dict[str, Any], *, by: User, at: dt.datetime) -> FxRate:
        return record_rate(by=by, at=at, **values)
