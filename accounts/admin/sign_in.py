"""How people sign in: second factors and sessions to look at, secrets nowhere.

The pages that allauth brings would show secrets of second factors and tokens, and would change
addresses past our services; so they are taken away, and two come back that only read.
"""

from typing import Any

import allauth.account.admin
import allauth.mfa.admin
import allauth.socialaccount.admin
import allauth.usersessions.admin  # noqa: F401  # registered first, to be taken away
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth import admin as auth_admin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin.base import ReadOnlyAdmin

assert auth_admin
for model in (
    Authenticator,
    EmailAddress,
    Group,
    SocialAccount,
    SocialApp,
    SocialToken,
    UserSession,
):
    admin.site.unregister(model)


Authenticator._meta.verbose_name_plural = _("second factors")
UserSession._meta.verbose_name_plural = _("signed-in devices")
SocialAccount._meta.verbose_name = _("account at the company's provider")
SocialAccount._meta.verbose_name_plural = _("accounts at the company's provider")


@admin.register(Authenticator)
class AuthenticatorAdmin(ReadOnlyAdmin):
    """Deleting one lets a person in who lost their device: they set up another."""

    list_display = ("user", "type", "created_at", "last_used_at")
    list_filter = ("type",)
    list_select_related = ("user",)
    search_fields = ("user__email",)
    date_hierarchy = "created_at"
    ordering = ("-pk",)
    exclude = ("data",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("mfa.delete_authenticator")


@admin.register(SocialAccount)
class SocialAccountAdmin(ReadOnlyAdmin):
    """Which person of the company's provider is which of ours."""

    list_display = ("person", "provider", "id_there", "last_sign_in", "first_sign_in")
    list_filter = ("provider",)
    list_select_related = ("user",)
    search_fields = ("uid", "user__email")
    ordering = ("-pk",)
    fields = list_display

    @admin.display(description=_("colleague"), ordering="user")
    def person(self, row: SocialAccount) -> str:
        return str(row.user)

    @admin.display(description=_("id there"), ordering="uid")
    def id_there(self, row: SocialAccount) -> str:
        return str(row.uid)

    @admin.display(description=_("last sign-in"), ordering="last_login")
    def last_sign_in(self, row: SocialAccount) -> Any:
        return row.last_login

    @admin.display(description=_("first sign-in"), ordering="date_joined")
    def first_sign_in(self, row: SocialAccount) -> Any:
        return row.date_joined


@admin.register(UserSession)
class UserSessionAdmin(ReadOnlyAdmin):
    list_display = ("user", "created_at", "last_seen_at", "ip", "user_agent")
    list_select_related = ("user",)
    search_fields = ("user__email", "=ip")
    date_hierarchy = "created_at"
    ordering = ("-pk",)
    exclude = ("session_key", "data")
