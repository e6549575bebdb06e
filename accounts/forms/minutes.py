"""What an administrator writes as a template for minutes."""

from django import forms

from accounts.models import MinutesTemplate


class MinutesTemplateForm(forms.ModelForm):  # type: ignore[type-arg]
    """Type, name and the texts that fill the form for a talk."""

    class Meta:
        model = MinutesTemplate
        fields = ("type", "name", "purpose", "body", "decisions", "is_hidden")
        widgets = {
            "body": forms.Textarea(attrs={"rows": 10}),
            "decisions": forms.Textarea(attrs={"rows": 4}),
        }
