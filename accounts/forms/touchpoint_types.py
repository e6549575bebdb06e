"""What an administrator says of a type of talk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import TouchpointIcon
from accounts.domain.touchpoint_types import LONGEST_TALK
from accounts.forms import PickOne, PickWithIcon
from accounts.models import TouchpointType


class TouchpointTypeForm(forms.ModelForm):  # type: ignore[type-arg]
    """Names in both languages, a picture, and what is usual for such a talk."""

    icon = forms.ChoiceField(
        label=_("Icon"), choices=TouchpointIcon.choices, initial="users", widget=PickWithIcon
    )
    duration_minutes = forms.IntegerField(
        label=_("Usual minutes"),
        required=False,
        min_value=1,
        max_value=LONGEST_TALK,
        help_text=_("Entered for a talk when nobody says how long it took."),
    )

    class Meta:
        model = TouchpointType
        fields = ("label_ja", "label_en", "icon", "direction", "duration_minutes")
        widgets = {"direction": PickOne}
        help_texts = {
            "direction": _("Only a two-way talk counts for the cadence and for the health score.")
        }

    def __init__(self, *args: Any, is_note: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("label_ja", "label_en", "direction"):
            self.fields[name].required = True
        direction: Any = self.fields["direction"]
        direction.choices = [choice for choice in direction.choices if choice[0]]
        direction.initial = "two_way"
        if is_note:
            del self.fields["direction"]
