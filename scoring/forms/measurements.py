"""What people type in of a number that was measured elsewhere."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.pickers import AccountField
from accounts.forms.service import moment_field
from scoring.models.usage import LARGEST


class MeasurementForm(forms.Form):
    """A reading: of which account, of what, how much and when."""

    account = AccountField(label=_("Account"))
    key = forms.SlugField(
        label=_("Key"),
        max_length=60,
        help_text=_(
            "Letters, digits, hyphens and underscores; the same key again continues its series."
        ),
    )
    value = forms.FloatField(label=_("Value"), min_value=-LARGEST, max_value=LARGEST)
    measured_at = moment_field(_("Measured"))

    def __init__(self, *args: Any, accounts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].accounts = accounts  # type: ignore[attr-defined]
