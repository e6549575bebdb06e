"""The id of an account in another system."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ExternalIdForm(forms.Form):
    """Which system, and one more id there."""

    source = forms.CharField(
        label=_("System"), max_length=40, help_text=_("For example salesforce, hubspot or kintone.")
    )
    value = forms.CharField(label=_("Id there"), max_length=200)

    def clean_source(self) -> str:
        return str(self.cleaned_data["source"]).lower()


class OtherIdForm(ExternalIdForm):
    """Another id in place of one; an empty one takes it away."""

    source = forms.CharField(label=_("System"), max_length=40, disabled=True)
    value = forms.CharField(
        label=_("Id there"), max_length=200, required=False, help_text=_("Empty takes it away.")
    )
