"""A country, chosen by its name."""

from typing import Any

from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH

from config.lib.countries import country_choices
from config.lib.formats import is_japanese


class CountryField(forms.ChoiceField):
    """One of the countries, called as the reader calls them; Japan where nothing was said yet.

    A code that was stored wrongly is no choice, so it is asked for anew.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=_choices, initial="JP", **kwargs)


def _choices() -> list[tuple[str, str]]:
    return [*BLANK_CHOICE_DASH, *country_choices("ja" if is_japanese() else "en")]
