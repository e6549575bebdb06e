"""What is asked when a bound is to fit the teams: what each can do, and what it may cost."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scoring.domain.thresholds import BOUNDS
from scoring.selectors.threshold_words import BOUND_LABELS
from scoring.selectors.thresholds import Asked

MOST_PER_WEEK, MOST_WEEKS, MOST_MEMBERS, MOST_MONEY = 1000, 52, 100_000, 1e12


class ThresholdForm(forms.Form):
    """A question about one bound."""

    bound = forms.ChoiceField(
        label=_("Bound"), choices=[(key, BOUND_LABELS[key]) for key in BOUNDS], initial="at_risk"
    )
    per_week = forms.FloatField(
        label=_("Accounts a week each member can take up"),
        min_value=0.01,
        max_value=MOST_PER_WEEK,
        initial=3,
    )
    weeks = forms.IntegerField(
        label=_("Each account once in so many weeks"),
        min_value=1,
        max_value=MOST_WEEKS,
        initial=4,
    )
    members = forms.IntegerField(
        label=_("Members"),
        min_value=1,
        max_value=MOST_MEMBERS,
        required=False,
        help_text=_("Empty: all who work in the teams of these accounts."),
    )
    cost = forms.FloatField(
        label=_("Cost of taking an account up"), min_value=0, max_value=MOST_MONEY, required=False
    )
    budget = forms.FloatField(
        label=_("Budget a week"), min_value=0, max_value=MOST_MONEY, required=False
    )
    value = forms.FloatField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("budget") is not None and not said.get("cost"):
            self.add_error("cost", _("A budget needs the cost of one account."))
        return said

    @property
    def asked_for(self) -> list[forms.BoundField]:
        """Return the fields people fill in."""
        return [self[name] for name in self.fields if name != "value"]

    def asked(self) -> Asked:
        """Return the question."""
        names = ("bound", "per_week", "weeks", "members", "cost", "budget")
        return Asked(**{name: self.cleaned_data[name] for name in names})
