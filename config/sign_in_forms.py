"""Forms of signing in that differ from django-allauth's."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account import forms as account
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from fido2.webauthn import AuthenticationResponse


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
        "code": _("Code"),
        "name": _("Name"),
        "passwordless": _("Sign in with it alone, without a password"),
        "credential": _("Passkey"),
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


class CodeForm(OurWords, mfa.AuthenticateForm):  # type: ignore[misc]
    pass


class CodeAgainForm(OurWords, mfa.ReauthenticateForm):  # type: ignore[misc]
    pass


class ActivateAuthenticatorForm(OurWords, ActivateTOTPForm):  # type: ignore[misc]
    pass


class RenamePasskeyForm(OurWords, EditWebAuthnForm):  # type: ignore[misc]
    pass


class AnswerField(forms.JSONField):
    """What a device says; JSON that Python can't read is no answer, either."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (RecursionError, ValueError) as broken:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from broken


class AddPasskeyForm(OurWords, AddWebAuthnForm):  # type: ignore[misc]
    """A passkey that signs in alone, unless its owner wants a second step only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"] = AnswerField(label=OurWords.words["credential"])
        self.fields["passwordless"].initial = True
        self.fields["passwordless"].help_text = ""

    def clean(self) -> dict[str, Any]:
        """Refuse what no device makes in the words for a wrong answer."""
        with _told_as_wrong():
            return super().clean()  # type: ignore[no-any-return]


class Counted:
    """Refuse what no honest device says: a broken answer, or a count that does not go on.

    Devices that count say with each answer how often they signed. Two that say the same, or one
    that goes back, are a device and its copy (WebAuthn level 3, 6.1.1); others always say 0.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields: dict[str, Any]
        self.fields["credential"] = AnswerField(label=OurWords.words["credential"])

    def clean_credential(self) -> Authenticator:
        said: Any = self.cleaned_data["credential"]  # type: ignore[attr-defined]
        with _told_as_wrong():
            authenticator: Authenticator = super().clean_credential()  # type: ignore[misc]
            count = AuthenticationResponse.from_dict(said).response.authenticator_data.counter
        _note_count(authenticator, count)
        return authenticator


@contextmanager
def _told_as_wrong() -> Iterator[None]:
    """Say of an answer that can't be read what is said of a wrong one."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError) as broken:
        raise get_adapter().validation_error("incorrect_code") from broken


@transaction.atomic
def _note_count(authenticator: Authenticator, count: int) -> None:
    row = Authenticator.objects.select_for_update().filter(pk=authenticator.pk).first()
    if row is None:  # removed on another device meanwhile
        raise get_adapter().validation_error("incorrect_code")
    last = row.data.get("count", row.wrap().authenticator_data.counter)
    if (count or last) and count <= last:
        raise get_adapter().validation_error("incorrect_code")
    row.data["count"] = authenticator.data["count"] = count
    row.save(update_fields=["data"])


class LoginPasskeyForm(Counted, LoginWebAuthnForm):  # type: ignore[misc]
    pass


class AuthenticatePasskeyForm(Counted, AuthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class ReauthenticatePasskeyForm(Counted, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    pass
