"""What people type about customers, checked and worded for them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import Scope
from accounts.querysets import reach_of
from accounts.registry import Field, all_fields


class PickOne(forms.RadioSelect):
    """One of a few, each a tap away."""

    template_name = "forms/picks.html"


class PickMany(forms.CheckboxSelectMultiple):
    """Any of a few, each a tap away."""

    template_name = "forms/picks.html"


class AccountFilterForm(forms.Form):
    """The rules above the account list: a search and a choice per filterable field."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reach = reach_of(user)
        self.rules = [
            field
            for field in all_fields()
            if field.is_filter and reach.scope(field.kind) != Scope.NONE
        ]
        for rule in self.rules:
            options = [(str(value), label) for value, label in (rule.choices or list)()]
            self.fields[rule.key] = forms.ChoiceField(
                label=rule.label, required=False, choices=[("", _("Any")), *options]
            )

    def chosen(self) -> list[tuple[Field, str, Any]]:
        """Return (field, value, label) of each rule in force; only after validation."""
        rules = []
        for rule in self.rules:
            if value := self.cleaned_data.get(rule.key):
                labels = dict(self.fields[rule.key].choices)  # type: ignore[attr-defined]
                rules.append((rule, value, labels[value]))
        return rules
