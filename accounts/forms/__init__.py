"""What people type about customers, checked and worded for them."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import (
    Direction,
    RecordKind,
    Scope,
    Sentiment,
    Signal,
    TouchpointType,
    Visibility,
)
from accounts.models import Account, Contact, Organisation
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


class TouchpointForm(forms.Form):
    """One talk with one account, as it is logged by hand."""

    account = forms.ModelChoiceField(label=_("Account"), queryset=Account.objects.none())
    type = forms.ChoiceField(
        label=_("Type"),
        choices=TouchpointType.choices,
        initial=TouchpointType.CALL,
        widget=PickOne,
    )
    direction = forms.ChoiceField(
        label=_("Direction"),
        choices=[choice for choice in Direction.choices if choice[0] != Direction.INTERNAL],
        initial=Direction.TWO_WAY,
        widget=PickOne,
    )
    occurred_at = forms.DateTimeField(
        label=_("When"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    duration_minutes = forms.IntegerField(
        label=_("Minutes"), required=False, min_value=1, max_value=1440
    )
    contacts = forms.ModelMultipleChoiceField(
        label=_("Their attendees"),
        queryset=Contact.objects.none(),
        required=False,
        widget=PickMany,
    )
    subject = forms.CharField(label=_("Subject"), max_length=200)
    body = forms.CharField(
        label=_("Text"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    signals = forms.MultipleChoiceField(
        label=_("What you noticed"),
        choices=Signal.choices,
        required=False,
        widget=PickMany,
    )
    sentiment = forms.ChoiceField(
        label=_("Sentiment"), choices=[("", _("Not said")), *Sentiment.choices], required=False
    )
    visibility = forms.ChoiceField(
        label=_("Visible to"), choices=Visibility.choices, initial=Visibility.ACCOUNT
    )

    def __init__(
        self, *args: Any, user: Any, account: Account, now: dt.datetime, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        chosen: forms.ModelChoiceField[Account] = self.fields["account"]  # type: ignore[assignment]
        people: forms.ModelChoiceField[Contact] = self.fields["contacts"]  # type: ignore[assignment]
        open_accounts = Account.objects.open_for(user, RecordKind.TOUCHPOINT).unarchived()
        chosen.queryset = open_accounts.filter(pk=account.pk)
        chosen.widget = forms.HiddenInput()
        chosen.initial = account.pk
        people.queryset = (
            Contact.objects.visible_to(user)
            .present(on=Organisation.objects.day_of(now))
            .filter(account=account)
            .order_by("family_kana", "pk")
        )
        self.fields["occurred_at"].initial = now

    def clean_occurred_at(self) -> dt.datetime:
        occurred_at: dt.datetime = self.cleaned_data["occurred_at"]
        if occurred_at > self.now:
            raise forms.ValidationError(_("A talk can't be logged before it took place."))
        return occurred_at

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("type") == TouchpointType.INTERNAL_NOTE:
            values["direction"] = Direction.INTERNAL
        return values
