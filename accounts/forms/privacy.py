"""What is typed about one person's data."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.services.privacy.retention import LONGEST, Kept


class PersonSearchForm(forms.Form):
    """Whose data it is about."""

    email = forms.EmailField(
        label=_("Mail address of the person"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class RetentionForm(forms.Form):
    """For how many days each kind of data is kept; empty is for ever."""

    def __init__(self, *args: Any, kept: list[Kept], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in kept:
            if one.retention.is_promised:
                continue
            self.fields[one.retention.key] = forms.IntegerField(
                label=one.retention.label,
                help_text=one.retention.about,
                required=bool(one.retention.setting),
                min_value=one.retention.at_least,
                max_value=LONGEST,
                initial=one.days,
            )


class ErasureForm(forms.Form):
    """The last question before data is gone for good."""

    reference = forms.CharField(
        label=_("Reference of the request"),
        max_length=100,
        required=False,
        help_text=_("A number to find the request by, never a name: it stays on record."),
    )
    is_certain = forms.BooleanField(
        label=_("I have checked the identity of the person; this can't be undone"),
    )
