"""Scorecards as people name, assign, begin, review and publish them."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import AccountKind, Phase, Tier, TouchModel
from accounts.forms.accounts import NOT_SAID
from accounts.models import Segment
from scoring.models import Scorecard
from scoring.selectors.assignments import STAGES_BELOW
from scoring.selectors.custom_metrics import all_metrics

ANY = ("", pgettext_lazy("a condition", "Any"))
TRACKED = [ANY, ("true", _("With usage data")), ("false", _("Without usage data"))]
#: Names of fields begin like the pointers of the service, so that refusals stand beside them.
PREFIX = "condition."


def audience_choices() -> dict[str, list[tuple[str, Any]]]:
    """Return what a condition may ask an account for, with the values of each; one query."""
    segments = Segment.objects.filter(archived_at=None, stage__in=STAGES_BELOW)
    return {
        "phase": [ANY, *Phase.choices],
        "touch_model": [ANY, *TouchModel.choices],
        "tier": [ANY, *Tier.choices],
        "tracked": TRACKED,
        "kind": [ANY, *AccountKind.choices],
        "segment": [ANY, *((row.key, str(row)) for row in segments.order_by("key"))],
    }


AUDIENCE_LABELS: dict[str, Any] = {
    "phase": _("Phase"),
    "touch_model": _("Touch model"),
    "tier": _("Tier"),
    "tracked": _("Usage data"),
    "kind": pgettext_lazy("of an account", "Kind"),
    "segment": _("Segment"),
}


class AudienceForm(forms.Form):
    """Whom a scorecard is for; what is chosen has to hold together."""

    def __init__(self, *args: Any, condition: Mapping[str, Any] | None = None, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.places = [f"{PREFIX}{key}" for key in AUDIENCE_LABELS]
        for key, choices in audience_choices().items():
            value = (condition or {}).get(key, "")
            self.fields[f"{PREFIX}{key}"] = forms.ChoiceField(
                label=AUDIENCE_LABELS[key],
                choices=choices,
                required=False,
                initial=str(value).lower() if isinstance(value, bool) else value,
            )

    def condition(self) -> dict[str, Any]:
        """Return the condition as it is stored; parts that are left open are left out."""
        chosen = {key: self.cleaned_data.get(f"{PREFIX}{key}") for key in AUDIENCE_LABELS}
        return {
            key: value == "true" if key == "tracked" else value
            for key, value in chosen.items()
            if value
        }


class NamesForm(forms.Form):
    """What a scorecard is called."""

    name_ja = forms.CharField(label=_("Name in Japanese"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=120)


class ScorecardForm(AudienceForm, NamesForm):
    """The names of a scorecard, and whom it is for unless it is for all others."""

    def __init__(self, *args: Any, scorecard: Scorecard, **kwargs: Any) -> None:
        kwargs["initial"] = {"name_en": scorecard.name_en, "name_ja": scorecard.name_ja}
        super().__init__(*args, condition=scorecard.condition, **kwargs)
        self.sections: list[Any] = [(_("Name"), ("name_ja", "name_en"))]
        if scorecard.is_default:
            for name in self.places:
                del self.fields[name]
        else:
            self.sections.append((_("Only for accounts with"), tuple(self.places)))

    def changes(self) -> dict[str, Any]:
        """Return the fields to be stored."""
        names = {name: self.cleaned_data[name] for name in ("name_en", "name_ja")}
        return {**names, "condition": self.condition()} if len(self.sections) > 1 else names


class DayForm(forms.Form):
    """From which day something acts."""

    on = forms.DateField(
        label=_("Acts from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        kwargs["initial"] = {"on": today}
        super().__init__(*args, **kwargs)
        self.fields["on"].widget.attrs["min"] = today.isoformat()


class RevertForm(DayForm):
    """From which day an older version acts again, and why."""

    note = forms.CharField(label=_("Why"), required=False, max_length=2000)


class SubmitForm(forms.Form):
    """Why a version is wanted, for who reviews it."""

    note = forms.CharField(
        label=_("Why this change"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RejectForm(forms.Form):
    """Why a version goes back to its author."""

    reason = forms.CharField(
        label=_("Why it goes back"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class PublishForm(DayForm):
    """From which day a version acts, and for whom first."""

    segment = forms.ModelChoiceField(
        queryset=Segment.objects.none(),
        label=_("Pilot on segment"),
        required=False,
        empty_label=_("No pilot: everybody it is for"),
        help_text=_("The others keep the version in force until you promote the pilot."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["segment"]
        segments = Segment.objects.filter(archived_at=None, stage__in=STAGES_BELOW)
        field.queryset = segments.order_by("key")


class NewScorecardForm(AudienceForm, NamesForm):
    """What a new scorecard begins with, what it is called, and whom it is for."""

    start = forms.ChoiceField(label=_("Begin with"))
    metric = forms.ChoiceField(
        label=_("First measure"),
        required=False,
        help_text=_("Where you begin almost empty."),
    )
    field_order = ("start", "metric", "name_ja", "name_en")

    def __init__(self, *args: Any, starts: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = ((key, str(metric.label)) for key, metric in all_metrics().items())
        fields: Any = self.fields
        fields["start"].choices = starts
        fields["metric"].choices = [NOT_SAID, *sorted(labels, key=lambda pair: pair[1])]

    @property
    def begin(self) -> list[forms.BoundField]:
        """Return the fields that say what it is."""
        return [self[name] for name in self.field_order]

    @property
    def audience(self) -> list[forms.BoundField]:
        """Return the fields that say whom it is for."""
        return [self[name] for name in self.places]
