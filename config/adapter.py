"""How signing in differs from django-allauth's defaults.

Nobody makes an account for themselves, and the secrets of authenticator apps are stored encrypted.
"""

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest
from django.utils.encoding import force_bytes
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_MISMATCH = gettext_lazy("The mail address, user name or password is not right.")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Users come from an administrator or an identity provider, never from a sign-up page."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _MISMATCH,
        "username_password_mismatch": _MISMATCH,
        "too_many_login_attempts": gettext_lazy(
            "Too many attempts to sign in failed. Try again in a few minutes."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """A stolen database alone must not yield second factors: the key is the secret key's."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: Any, type: str) -> str:  # noqa: A002 - theirs
        """Offer a name by the number of the key, as no key stands above the others."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Passkey %(number)s") % {"number": number}


def _cipher() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(secret)) for secret in secrets])


def _key(secret: str | bytes) -> bytes:
    digest = hashlib.sha256(b"yorisoi.mfa:" + force_bytes(secret)).digest()
    return base64.urlsafe_b64encode(digest)
