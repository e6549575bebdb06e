"""What people type about a score they hold for wrong: an override, an objection, a verdict."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.forms import PickOne
from accounts.forms.accounts import NOT_SAID, day_field
from scoring.choices import FeedbackDirection, OverrideKind
from scoring.models import HealthOverride
from scoring.services.overrides import (
    DEFAULT_DAYS,
    FORCEABLE,
    LONGEST_REASON,
    MOST_DAYS,
    faults_of_kind,
)

KINDS = [
    (OverrideKind.VALUE, _("The score itself")),
    (OverrideKind.BAND, _("The band alone, the score stays")),
    (OverrideKind.FLOOR, _("Lowest score")),
    (OverrideKind.CEILING, _("Highest score")),
]


def reason_field(label: Any, **kwargs: Any) -> forms.CharField:
    """Return a field for a few sentences."""
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, widget=widget, max_length=LONGEST_REASON, **kwargs)


class OverrideForm(forms.Form):
    """What is set, to what, why and until when."""

    kind = forms.ChoiceField(
        label=_("What do you set?"), choices=KINDS, initial=OverrideKind.BAND, widget=PickOne
    )
    band = forms.ChoiceField(
        label=_("Band"),
        choices=[NOT_SAID, *((band.value, band.label) for band in FORCEABLE)],
        required=False,
        help_text=_("Where you set the band."),
    )
    value = forms.FloatField(
        label=_("Score, 0 to 100"),
        required=False,
        min_value=0,
        max_value=100,
        help_text=_("Where you set the score or its lowest or highest value."),
    )
    reason = reason_field(
        _("Reason"),
        help_text=_("What do you know that the score does not? All colleagues read it."),
    )
    expires_at = day_field(
        pgettext_lazy("override", "Until"),
        help_text=_(
            "The last day; at most 90 days ahead. You are asked then whether it was right."
        ),
    )

    def __init__(
        self, *args: Any, today: dt.date, standing: HealthOverride | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for name in ("band", "value"):
            self.fields[name].is_conditional = True  # type: ignore[attr-defined]
        self.fields["expires_at"].initial = today + dt.timedelta(days=DEFAULT_DAYS)
        if standing is not None:
            for name in ("kind", "band", "value", "reason"):
                self.fields[name].initial = getattr(standing, name)

    def clean_expires_at(self) -> dt.date:
        last: dt.date = self.cleaned_data["expires_at"]
        if not self.today <= last <= self.today + dt.timedelta(days=MOST_DAYS - 1):
            raise forms.ValidationError(_("Choose a day from today on, at most 90 days ahead."))
        return last

    def clean(self) -> dict[str, Any]:
        """Say what the kind asks for together with every other fault."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if {"kind", "band", "value"} <= values.keys():
            for fault in faults_of_kind(HealthOverride(**self._asked())):
                self.add_error(fault.pointer.strip("/"), str(fault.detail))
        return values

    def values(self) -> dict[str, Any]:
        """Return what the service takes, without what the kind does not ask for."""
        return {"reason": self.cleaned_data["reason"], **self._asked()}

    def _asked(self) -> dict[str, Any]:
        kind = self.cleaned_data["kind"]
        asked = "band" if kind == OverrideKind.BAND else "value"
        return {"kind": kind, asked: self.cleaned_data[asked]}


class FeedbackForm(forms.Form):
    """In which direction the score is wrong, by which measure, and why."""

    direction = forms.ChoiceField(
        label=_("The score is"), choices=FeedbackDirection.choices, widget=PickOne
    )
    metric = forms.ChoiceField(label=_("Misleading measure"), required=False)
    reason = reason_field(
        _("Reason"),
        help_text=_("It goes to whoever keeps the scorecard, and counts as a false alarm."),
    )

    def __init__(self, *args: Any, measures: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["metric"].choices = [("", _("The score as a whole")), *measures]  # type: ignore[attr-defined]
