"""Sign-in through the company's identity provider (OpenID Connect), described by environment."""

from typing import Any
from urllib.parse import urlsplit

import environ

#: The part of the callback address that names the provider: /auth/oidc/company/login/callback/
PROVIDER_ID = "company"


def oidc_apps(env: environ.Env) -> list[dict[str, Any]]:
    """Return the provider as django-allauth reads it; none without `OIDC_ISSUER`."""
    issuer = env.str("OIDC_ISSUER", default="")
    if not issuer:
        return []
    return [
        {
            "provider_id": PROVIDER_ID,
            "name": env.str("OIDC_NAME", default=urlsplit(issuer).hostname),
            "client_id": env.str("OIDC_CLIENT_ID"),
            "secret": env.str("OIDC_CLIENT_SECRET"),
            "settings": {"server_url": issuer.rstrip("/"), "fetch_userinfo": True},
        }
    ]


def oidc_origins(env: environ.Env) -> list[str]:
    """Return where the sign-in form may lead: browsers check it on the redirect, too."""
    issuer = env.str("OIDC_ISSUER", default="")
    origins = [f"{part.scheme}://{part.netloc}" for part in [urlsplit(issuer)] if part.netloc]
    return [*origins, *env.list("OIDC_FORM_ORIGINS", default=[])]
