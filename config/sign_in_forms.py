"""Forms of signing in that differ from django-allauth's."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.utils.translation import gettext_lazy as _


class OurWords:
    """Name the fields as the pages do, so that a list of errors names them alike."""

    words = {
        "login": _("Mail address or user name"),
        "password": _("Password"),
        "remember": _("Stay signed in on this device"),
        "email": _("Mail address"),
        "oldpassword": _("Present password"),
        "password1": _("New password"),
        "password2": _("New password again"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields  # type: ignore[attr-defined]
        for name, field in fields.items():
            field.label = self.words.get(name, field.label)


class LoginForm(OurWords, account.LoginForm):  # type: ignore[misc]
    pass


class ChangePasswordForm(OurWords, account.ChangePasswordForm):  # type: ignore[misc]
    pass


class SetPasswordForm(OurWords, account.SetPasswordForm):  # type: ignore[misc]
    pass


class ResetPasswordForm(OurWords, account.ResetPasswordForm):  # type: ignore[misc]
    pass


class ResetPasswordKeyForm(OurWords, account.ResetPasswordKeyForm):  # type: ignore[misc]
    pass


class ReauthenticateForm(OurWords, account.ReauthenticateForm):  # type: ignore[misc]
    pass


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A passkey that signs in alone, unless its owner wants a second step only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True
        self.fields["passwordless"].help_text = ""
