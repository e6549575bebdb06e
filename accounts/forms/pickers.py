"""Choosing one account out of very many: type its name or own-system id, take a suggestion.

Without scripts the field takes an exact name, an own-system id or `#` and the number.
"""

import re
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from accounts.domain.names import name_key
from accounts.models import Account
from config.lib.row_ids import is_row_id

_NUMBER = re.compile(r"#([0-9]+)\s*$")


def account_word(account: Account) -> str:
    """Return the text a field shows for an account, and reads again."""
    return f"{account} #{account.pk}"


class AccountInput(forms.TextInput):
    """A line to type in, with suggestions below it."""

    template_name = "forms/record_picker.html"
    suggest = reverse_lazy("accounts:suggest")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["suggest"] = self.suggest
        return context


class AccountField(forms.CharField):
    """An account the user sees; give it `accounts`, a queryset, before it is cleaned."""

    widget = AccountInput
    default_error_messages = {
        "unknown": _("No account of this name or id."),
        "several": _("Several accounts fit. Take one of the suggestions."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Name, own-system id, or a suggestion."))
        super().__init__(max_length=300, **kwargs)
        self.accounts: Any = Account.objects.none()

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Account):
            return account_word(value)
        if isinstance(value, int):
            account = self.accounts.filter(pk=value).first()
            return account_word(account) if account else ""
        return value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return self._found(text) if text else None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(super().has_changed(self.prepare_value(initial), data))

    def _found(self, text: str) -> Account:
        number = _NUMBER.search(text)
        if number and is_row_id(number[1]):
            rows = list(self.accounts.filter(pk=int(number[1]))[:2])
        else:
            rows = list(self.accounts.filter(external_id=text)[:2])
            rows = rows or list(self.accounts.filter(name=text)[:2])
            rows = rows or list(self.accounts.filter(name_key=name_key(text))[:2])
        if len(rows) > 1:
            raise forms.ValidationError(self.error_messages["several"], code="several")
        if not rows:
            raise forms.ValidationError(self.error_messages["unknown"], code="unknown")
        account: Account = rows[0]
        return account
