"""What an administrator writes as a template for minutes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import MinutesTemplate
from accounts.selectors.touchpoint_types import type_choices


class MinutesTemplateForm(forms.ModelForm):  # type: ignore[type-arg]
    """Type, name and the texts that fill the form for a talk."""

    type = forms.ChoiceField(label=_("Type"), choices=type_choices)

    class Meta:
        model = MinutesTemplate
        fields = ("type", "name", "purpose", "body", "decisions", "is_hidden")
        widgets = {
            "body": forms.Textarea(attrs={"rows": 10}),
            "decisions": forms.Textarea(attrs={"rows": 4}),
        }
