"""May this caller do that at all? Which rows they reach is the queryset's to say.

A token never does more than its owner: its scopes only narrow what the owner's role allows.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.choices import RecordKind, Scope, TokenScope
from accounts.models import ApiToken
from accounts.querysets import DirectoryQuerySet, ScopedQuerySet, SharedQuerySet, reach_of
from config.lib.recent_sign_in import has_shown_who_it_is

_INCLUDED = {
    TokenScope.READ: {TokenScope.READ},
    TokenScope.WRITE: {TokenScope.READ, TokenScope.WRITE},
    TokenScope.ADMIN: set(TokenScope),
}


class TokenAllows(BasePermission):
    """A token reads with `read`, writes with `write`; views may ask for `admin` to write."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not isinstance(request.auth, ApiToken):
            return True
        granted: set[str] = set().union(*(_INCLUDED[TokenScope(s)] for s in request.auth.scopes))
        needed = getattr(view, "write_scope", TokenScope.WRITE)
        return (TokenScope.READ if request.method in SAFE_METHODS else needed) in granted


class ShownAgain(BasePermission):
    """What reaches far (`asks_again`) asks a session once more who it is, as the pages do.

    A token was made by somebody who had shown it; its scope is checked by `TokenAllows`.
    """

    message = _("Confirm who you are on the pages first, or send a token with the needed scope.")
    code = "confirmation_required"

    def has_permission(self, request: Request, view: APIView) -> bool:
        is_offered = getattr(view, "action", "") is not None  # else 405, whoever asks
        if request.method in SAFE_METHODS or not (
            is_offered and getattr(view, "asks_again", False)
        ):
            return True
        return isinstance(request.auth, ApiToken) or may_reach_far(request)


def may_reach_far(request: Request) -> bool:
    """Say whether a session has just shown who it is, or a token was made for such things."""
    if isinstance(request.auth, ApiToken):
        return TokenScope.ADMIN in request.auth.scopes
    return has_shown_who_it_is(request._request)


class RoleAllows(BasePermission):
    """Nobody writes a kind of record of which the policy lets their role change none."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if request.method in SAFE_METHODS:
            return True
        rows: Any = getattr(view, "queryset", None)
        if isinstance(rows, DirectoryQuerySet):
            return reach_of(request.user).role in rows.writers
        if isinstance(rows, ScopedQuerySet):
            reach, kinds = reach_of(request.user), rows.record_kinds or (rows.record_kind,)
            return any(reach.scope(kind, write=True) != Scope.NONE for kind in kinds)
        if isinstance(rows, SharedQuerySet):
            return reach_of(request.user).scope(RecordKind.ACCOUNT, write=True) != Scope.NONE
        return True
