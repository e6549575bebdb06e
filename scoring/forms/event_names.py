"""What people say about the events their product sends."""

from django import forms
from django.utils.translation import gettext_lazy as _

from scoring.choices import EventMeaning


class EventNameForm(forms.Form):
    """What an event says, and how it is counted."""

    meaning = forms.ChoiceField(
        label=_("What it means"),
        choices=[("", _("Nothing in particular")), *EventMeaning.choices],
        required=False,
    )
    is_key_feature = forms.BooleanField(
        label=_("It is the use of a key feature"),
        required=False,
        help_text=_("Counts towards “key features used”."),
    )
    counts_users = forms.BooleanField(
        label=_("Count the people who do it"),
        required=False,
        help_text=_(
            "Makes it part of the key workflow, sign-ins aside. People are counted back to the"
            " oldest event that is still kept."
        ),
    )
    summed_property = forms.CharField(
        label=_("Property to add up"),
        max_length=120,
        required=False,
        help_text=_("Such as the number of records one call registered. Added up from now on."),
    )
