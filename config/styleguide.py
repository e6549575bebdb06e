"""Examples for the style guide: one of each component's values, from the demo's main account."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.lib.charts import FallRow, waterfall

FALLING = [86, 86, 85.5, 86, 85, 84, 83.5, 82, 80, 79, 76, 74, 71, 68, 66, 63, 61, 59, 57, 55.3]

COLOURS = (
    *("page", "surface", "sunken", "line", "line-strong", "ink", "ink-2"),
    *("accent", "accent-soft", "selected"),
    *("critical", "risk", "steady", "expansion", "nodata"),
)


class ExampleForm(forms.Form):
    """A field of each kind, two of them wrong."""

    notice_days = forms.IntegerField(
        label=_("Notice period"), help_text=_("Days before the end, as in the contract.")
    )
    renew_by = forms.DateField(label=_("Decide renewal by"))
    note = forms.CharField(
        label=_("Note"), widget=forms.Textarea(attrs={"rows": 2}), required=False
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("call", _("Call")), ("visit", _("Visit"))],
        widget=forms.RadioSelect,
        initial="call",
    )
    remember = forms.BooleanField(label=_("Remember this choice"), required=False)


def examples() -> dict[str, Any]:
    """Return the style guide's context."""
    return {
        "example_day": date(2026, 6, 17),
        "bands": [
            ("critical", 31, [v - 24 for v in FALLING]),
            ("at_risk", 55.3, FALLING),
            ("steady", 71, [70, 71, 70.5, 71, None, 72, 71]),
            ("expansion", 88, [80, 82, 84, 86, 88]),
            ("not_enough_data", None, []),
        ],
        "falling": FALLING,
        "fall": waterfall(
            start=(_("Score on 7 May"), 85.9),
            rows=_steps(),
            rest=FallRow(_("Points, rules, override"), 0),
            end=(_("Score on 18 June"), 55.3),
        ),
        "form": ExampleForm({"notice_days": "九十", "renew_by": "", "kind": "call"}),
        "colours": COLOURS,
    }


def _steps() -> list[FallRow]:
    return [
        FallRow(
            _("Usage"),
            -12.5,
            parts=[
                FallRow(_("Change of usage, 28 days"), -5.5, "+3%", "\N{MINUS SIGN}48%"),
                FallRow(_("Active users ÷ licences"), -7.0, "66%", "31%"),
            ],
        ),
        FallRow(_("Relationship"), -11.0),
        FallRow(_("Engagement"), -7.1),
    ]
