"""Who calls: `Authorization: Bearer <token>`, or the session of the product's own pages."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from accounts.models import ApiToken, User
from accounts.services.tokens import InvalidToken, authenticate_token
from config.lib.clock import app_now

SCHEME = "Bearer"


class BearerAuthentication(authentication.BaseAuthentication):
    """Accept API tokens; `request.auth` is the token's row."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """Return the token's owner and the token; None when there is no such header."""
        words = authentication.get_authorization_header(request).split()
        if not words or words[0].lower() != SCHEME.lower().encode():
            return None
        try:
            (text,) = words[1:]
            token = authenticate_token(text=text.decode("ascii"), at=app_now())
        except (InvalidToken, ValueError) as error:
            raise exceptions.AuthenticationFailed(
                _("The token is not valid."), code=InvalidToken.code
            ) from error
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return SCHEME


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Describe the header for the OpenAPI document."""

    target_class = "accounts.api.authentication.BearerAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
