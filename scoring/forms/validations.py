"""What is to be tried: which version, over how many months, with how long a look ahead."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from scoring.models import Scorecard, ScorecardVersion
from scoring.selectors.backtest import HORIZON_DAYS, MONTHS


class VersionField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A version of one scorecard, the newest first."""

    def label_from_instance(self, obj: ScorecardVersion) -> str:
        """Say number and state."""
        words = {"n": obj.number, "state": obj.get_state_display()}
        return gettext("Version %(n)s · %(state)s") % words


class WhatIfForm(forms.Form):
    """The version to be tried on the book."""

    version = VersionField(
        queryset=ScorecardVersion.objects.none(), label=_("Version"), empty_label=None
    )

    def __init__(self, *args: Any, scorecard: Scorecard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["version"]
        field.queryset = scorecard.versions.order_by("-number")


class LinkageForm(forms.Form):
    """The past days to be read."""

    months = forms.IntegerField(
        label=_("Months"),
        initial=MONTHS,
        min_value=1,
        max_value=60,
        help_text=_("So many ends of months are judged."),
    )
    horizon_days = forms.IntegerField(
        label=_("Days ahead"),
        initial=HORIZON_DAYS,
        min_value=30,
        max_value=365,
        help_text=_("What happens within these days after the end of a month counts."),
    )


class BacktestForm(LinkageForm, WhatIfForm):
    """The version to be judged, and the past days."""

    field_order = ("version", "months", "horizon_days")
