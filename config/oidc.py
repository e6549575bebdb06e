"""Sign-in through the company's identity provider: who somebody is, is issuer and subject.

A mail address never decides: whoever may choose their address at a provider could else choose
whom to be. An unknown subject is refused, or becomes a member without a team where
`OIDC_CREATES_USERS` says so; a person connects it to their account under Security. Where the
provider is the directory that provisions us and its subjects are the ids it sends over SCIM
(`OIDC_SUBJECT_IS_DIRECTORY_ID`), the first sign-in connects whom the directory has assigned.
"""

import hashlib
import json
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.views import reauthenticate
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount import views as company
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect import views
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from accounts.choices import UserRole
from accounts.models import User
from accounts.services.conflicts import refusing
from accounts.services.users import create_user
from config.lib.clock import app_now
from config.lib.problems import Conflict, Problem

NONCES = "oidc_nonces"
TABS = 5


class IdentityTaken(Conflict):
    """Somebody connected the same identity a moment before."""

    code = "identity_taken"
    title = _("This sign-in of the company was connected with a user a moment ago.")


_CONFLICTS = {"socialaccount_socialaccount_provider_uid_fc810c6e_uniq": IdentityTaken}


def tied_once(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Say in words where the database lets an identity that two connect at once be one's only.

    :raises IdentityTaken: for the second.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with refusing(_CONFLICTS):
            return view(request, *args, **kwargs)

    return guarded


def one_at_a_time(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a person's windows disconnect one after another: each counts what the one before left.

    The last identity of who has no password stays; two that go at once would both see the other.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            if request.method == "POST":
                User.objects.select_for_update(no_key=True).filter(pk=request.user.pk).first()
            return view(request, *args, **kwargs)

    return guarded


company_connections = one_at_a_time(company.connections)
company_callback = tied_once(views.callback)
reauthenticate_once = tied_once(reauthenticate)


class CompanyProvider(OpenIDConnectProvider):  # type: ignore[misc]
    """OpenID Connect, with the issuer as a part of the identity and a nonce in every token."""

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, Any]:
        """Ask for a token that names this browser's request: none can be played again."""
        nonce = secrets.token_urlsafe(16)
        request.session[NONCES] = [*request.session.get(NONCES, []), nonce][-TABS:]
        return {**super().get_auth_params_from_request(request, action), "nonce": nonce}

    def extract_uid(self, data: dict[str, Any]) -> str:
        """Return a digest of issuer and subject of the ID token.

        :raises OAuth2Error: without an ID token, with one this browser did not ask for, or when
            the user info speaks of somebody else.
        """
        token = data.get("id_token") or {}
        issuer, subject = token.get("iss"), token.get("sub")
        if not issuer or not subject:
            raise OAuth2Error("the provider sent no ID token")
        if data.get("userinfo", {}).get("sub", subject) != subject:
            raise OAuth2Error("ID token and user info speak of two people")
        nonces = self.request.session.pop(NONCES, [])
        if token.get("nonce") not in nonces:
            raise OAuth2Error("the ID token answers no request of this browser")
        return hashlib.sha256(json.dumps([issuer, subject]).encode()).hexdigest()


class CompanySignInAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Ties subjects to users: connected by the person, or made on the first sign-in."""

    def get_provider(self, request: HttpRequest, provider: str, client_id: Any = None) -> Any:
        found = super().get_provider(request, provider, client_id=client_id)
        return CompanyProvider(request, app=found.app)

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Refuse a subject nobody is connected with, before a page asks for anything."""
        connects = sociallogin.state.get("process") == "connect"
        if settings.OIDC_SUBJECT_IS_DIRECTORY_ID and not (sociallogin.is_existing or connects):
            self._connect_assigned(request, sociallogin)
        if sociallogin.is_existing or connects or self._may_make(sociallogin.user):
            return
        if not self._has_come_meanwhile(sociallogin):
            self._refuse(request, sociallogin)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return bool(settings.OIDC_CREATES_USERS)

    def populate_user(
        self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]
    ) -> User:
        user: User = sociallogin.user
        user.email = data.get("email") or ""
        user.family_name = (data.get("last_name") or data.get("name") or "")[:80]
        user.given_name = (data.get("first_name") or "")[:80]
        user.date_joined = app_now()  # a pending connection is kept in the session as JSON
        return user

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Never ask the person for what the provider did not say: refuse in words instead."""
        return True

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """Make a member without a team: an administrator says what they may see."""
        claimed: User = sociallogin.user
        try:
            with refusing(_CONFLICTS):
                sociallogin.user = create_user(
                    email=claimed.email,
                    family_name=claimed.family_name,
                    given_name=claimed.given_name,
                    role=UserRole.MEMBER,
                    at=app_now(),
                )
                sociallogin.save(request)
        except (Problem, ValidationError):
            sociallogin.user = claimed
            if not self._has_come_meanwhile(sociallogin):
                self._refuse(request, sociallogin)
        return sociallogin.user  # type: ignore[no-any-return]

    def _connect_assigned(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        token = sociallogin.account.extra_data.get("id_token") or {}
        assigned = User.objects.filter(directory_id=token.get("sub"), is_active=True)
        for user in assigned.exclude(directory_id=None).exclude(socialaccount__isnull=False):
            try:
                with refusing(_CONFLICTS):
                    sociallogin.connect(request, user)
            except IdentityTaken:
                self._has_come_meanwhile(sociallogin)

    def _has_come_meanwhile(self, sociallogin: SocialLogin) -> bool:
        """Take over what the same person's other window has made or connected since."""
        ties = SocialAccount.objects.filter(
            provider=sociallogin.account.provider, uid=sociallogin.account.uid
        )
        tie = ties.select_related("user").first()
        if tie is None:
            return False
        sociallogin.account, sociallogin.user = tie, tie.user
        return True

    def _may_make(self, claimed: User) -> bool:
        taken = User.objects.filter(email__iexact=claimed.email).exists()
        return settings.OIDC_CREATES_USERS and bool(claimed.email) and not taken

    def _refuse(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        context = {"provider": sociallogin.provider.name, "email": sociallogin.user.email}
        raise ImmediateHttpResponse(
            render(request, "socialaccount/unknown.html", context, status=403)
        )
