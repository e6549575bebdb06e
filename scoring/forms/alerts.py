"""What people type about alerts and the rules by which they open."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.forms.accounts import day_field
from scoring.choices import AlertKind
from scoring.domain.alerts import BOUNDS, LONGEST_COOL_DOWN, Rule
from scoring.forms.overrides import reason_field
from scoring.services.alerts import LONGEST_SNOOZE

ACKNOWLEDGE, FALSE_ALARM = "acknowledge", "false_alarm"
BULK_ACTIONS = (
    (ACKNOWLEDGE, pgettext_lazy("verb", "Acknowledge")),
    (FALSE_ALARM, _("Call a false alarm, for this reason:")),
)
THRESHOLDS = {
    AlertKind.DECLINE: (
        _("Least fall in 30 days, in points"),
        _("Only a fall that is no chance counts (Theil–Sen, Mann–Kendall p < 0.05)."),
    ),
    AlertKind.USAGE_SILENCE: (
        _("Days without any event"),
        _("For accounts of which usage is expected, while their source is alive."),
    ),
    AlertKind.TALK_SILENCE: (
        _("Multiple of the cadence without a talk"),
        _("1.5 means 45 days where a talk is due every 30."),
    ),
}


class FalseAlarmForm(forms.Form):
    """Why an alert was no alarm."""

    reason = reason_field(
        _("Why is it a false alarm?"),
        help_text=_("The alert stays closed until its condition clears; the reason is counted."),
    )


class SnoozeForm(forms.Form):
    """Until when an alert is put off."""

    until = day_field(_("Until"))

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["until"].initial = today + dt.timedelta(days=7)

    def clean_until(self) -> dt.date:
        until: dt.date = self.cleaned_data["until"]
        if not self.today < until < self.today + LONGEST_SNOOZE:
            raise forms.ValidationError(_("Choose a day after today, at most 90 days ahead."))
        return until


class BulkForm(forms.Form):
    """What is done with the alerts that are picked."""

    action = forms.ChoiceField(label=_("With the picked alerts"), choices=BULK_ACTIONS)
    reason = forms.CharField(label=_("Reason"), required=False, max_length=2_000)


class RuleForm(forms.Form):
    """Whether a kind of alert opens, from which threshold on, and how long it rests."""

    is_active = forms.BooleanField(label=_("Open alerts of this kind"), required=False)
    worst = forms.ChoiceField(
        label=_("From which band on"),
        choices=[("1", _("At risk or critical")), ("0", _("Critical only"))],
    )
    threshold = forms.FloatField()
    cool_down_days = forms.IntegerField(
        label=_("Days of rest after an alert cleared"),
        min_value=0,
        max_value=LONGEST_COOL_DOWN,
        help_text=_("Within them the same alert opens again only if it is worse."),
    )

    def __init__(self, *args: Any, kind: str, rule: Rule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["is_active"].initial = rule.is_active
        self.fields["cool_down_days"].initial = rule.cool_down_days
        self._ask_for_threshold(AlertKind(kind), rule)

    def values(self) -> dict[str, Any]:
        """Return what the service takes."""
        asked = self.cleaned_data.get("worst", self.cleaned_data.get("threshold", 0))
        return {
            "is_active": self.cleaned_data["is_active"],
            "cool_down_days": self.cleaned_data["cool_down_days"],
            "threshold": float(asked),
        }

    def _ask_for_threshold(self, kind: AlertKind, rule: Rule) -> None:
        """Keep the one field that fits the kind."""
        if kind == AlertKind.CROSSING:
            self.fields["worst"].initial = f"{rule.threshold:.0f}"
        else:
            del self.fields["worst"]
        if kind not in THRESHOLDS:
            del self.fields["threshold"]
            return
        label, hint = THRESHOLDS[kind]
        bounds = BOUNDS[kind.value]
        self.fields["threshold"] = forms.FloatField(
            label=label,
            help_text=hint,
            initial=f"{rule.threshold:g}",
            min_value=bounds.low,
            max_value=bounds.high,
        )
