"""What an administrator says a touch model demands."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import StakeholderRoleKind
from accounts.forms import PickMany


def _days(label: Any, hint: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=1, max_value=1000, help_text=hint
    )


class ExpectationForm(forms.Form):
    """Days between two-way touches, and roles to be filled."""

    cadence_days = _days(_("Cadence in days"), _("Empty where no cadence is asked."))
    onboarding_cadence_days = _days(_("During onboarding"))
    near_cadence_days = _days(
        _("Within 120 days of the renewal date"),
        _("Decides when the next touch is due, never the score."),
    )
    required_roles = forms.MultipleChoiceField(
        label=_("Required roles"),
        choices=StakeholderRoleKind.choices,
        required=False,
        widget=PickMany,
    )
