"""The words of titles that stand for a level."""

from typing import Any

from django import forms

from accounts.choices import Seniority
from accounts.forms.attributes import parted


class SeniorityForm(forms.Form):
    """For each level, from the top down, its words."""

    def __init__(self, *args: Any, words: dict[str, list[str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for level in Seniority:
            self.fields[level] = forms.CharField(
                label=level.label,
                required=False,
                max_length=70_000,
                initial=", ".join(words[level]),
                widget=forms.Textarea(attrs={"rows": 6}),
            )

    def clean(self) -> dict[str, list[str]]:
        return {level: parted(self.cleaned_data.get(level, "")) for level in Seniority}
