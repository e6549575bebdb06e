"""What people type about customers, checked and worded for them."""

from collections.abc import Mapping
from typing import Any

from django import forms


class PickOne(forms.RadioSelect):
    """One of a few, each a tap away."""

    template_name = "forms/picks.html"


class PickMany(forms.CheckboxSelectMultiple):
    """Any of a few, each a tap away."""

    template_name = "forms/picks.html"


class PickWithIcon(PickOne):
    """One of a few with their pictures.

    `icons` says which picture a value has; without it the value is one.
    """

    template_name = "forms/icon_picks.html"
    icons: Mapping[str, str] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        option["icon"] = self.icons.get(str(value), str(value))
        return option
