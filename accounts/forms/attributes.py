"""Declaring attributes, and typing their values on an account."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import AttributeType, Tier
from accounts.domain.attributes import LONGEST_TEXT
from accounts.forms import PickMany
from accounts.forms.accounts import day_field
from accounts.models import AttributeDefinition

_COMMA = re.compile(r"[,、，\n]")


class AttributeForm(forms.Form):
    """What an attribute is called, and what it may be."""

    key = forms.SlugField(
        label=_("Key"), max_length=60, help_text=_("For imports and other programs; it stays.")
    )
    type = forms.ChoiceField(
        label=_("Type"),
        choices=AttributeType.choices,
        help_text=_("It stays; another type is another key."),
    )
    label_ja = forms.CharField(label=_("Label in Japanese"), max_length=120)
    label_en = forms.CharField(label=_("Label in English"), max_length=120)
    description_ja = forms.CharField(
        label=_("Description in Japanese"), max_length=500, required=False
    )
    description_en = forms.CharField(
        label=_("Description in English"), max_length=500, required=False
    )
    options = forms.CharField(
        label=_("Options"),
        required=False,
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_(
            "For a choice, one a line: value | Japanese | English | other words for it, "
            "parted by commas. Imports and other programs may use any of them."
        ),
    )
    takes_others = forms.BooleanField(
        label=_("Keep words outside the list"),
        required=False,
        help_text=_(
            "They are kept as written and shown under data quality, to be mapped to an option."
        ),
    )
    expression = forms.CharField(
        label=_("Formula"),
        required=False,
        max_length=500,
        help_text=_("Computed instead of typed, such as arr / licensed_users."),
    )
    place = forms.IntegerField(label=_("Place"), min_value=0, max_value=9999, initial=100)
    is_listed = forms.BooleanField(label=_("Column of the account list"), required=False)
    required_tiers = forms.MultipleChoiceField(
        label=_("Required for tiers"), choices=Tier.choices, required=False, widget=PickMany
    )
    sections = (
        (_("Identity"), ("key", "type", "label_ja", "label_en")),
        (_("Values"), ("options", "takes_others", "expression", "required_tiers")),
        (_("How it is shown"), ("description_ja", "description_en", "place", "is_listed")),
    )

    def __init__(
        self,
        *args: Any,
        definition: AttributeDefinition | None = None,
        starter: AttributeDefinition | None = None,
        **kwargs: Any,
    ) -> None:
        if (shown := definition or starter) is not None:
            kwargs["initial"] = {name: getattr(shown, name) for name in ("key", "type", *SHOWN)} | {
                "options": "\n".join(_line(option) for option in shown.options)
            }
        super().__init__(*args, **kwargs)
        #: Lines nobody touched mean what is stored, also where a word holds a comma or a bar.
        self.stored = {_line(option): option for option in shown.options} if shown else {}
        if definition is not None:
            del self.fields["key"], self.fields["type"]
            if not definition.is_computed:
                del self.fields["expression"]
            if definition.type != AttributeType.CHOICE:
                del self.fields["takes_others"]

    def clean_options(self) -> list[dict[str, Any]]:
        lines = [_evenly(line) for line in self.cleaned_data["options"].splitlines()]
        return [self.stored.get(line) or _option(line) for line in lines if line]


SHOWN = (
    "label_ja",
    "label_en",
    "description_ja",
    "description_en",
    "takes_others",
    "expression",
    "place",
    "is_listed",
    "required_tiers",
)


class AttributeValuesForm(forms.Form):
    """The custom attributes of one account, each by its type; they hold from `on`."""

    def __init__(
        self, *args: Any, definitions: list[AttributeDefinition], values: dict[str, Any],
        today: dt.date, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.keys = [row.key for row in definitions if not row.is_computed]
        for row in definitions:
            if not row.is_computed:
                self.fields[f"attributes.{row.key}"] = _value_field(row, values.get(row.key))
        self.fields["on"] = day_field(
            _("Holds from"), initial=today, help_text=_("Today or a day before.")
        )

    def changes(self) -> dict[str, Any]:
        """Return the values that differ; None takes one away."""
        return {
            key: _given(self.cleaned_data[f"attributes.{key}"])
            for key in self.keys
            if f"attributes.{key}" in self.changed_data
        }


def _given(value: Any) -> Any:
    return (
        {"": None, "true": True, "false": False}.get(value, value)
        if isinstance(value, str)
        else value
    )


def _value_field(row: AttributeDefinition, value: Any) -> forms.Field:
    common: dict[str, Any] = {
        "label": str(row),
        "required": False,
        "initial": value,
        "help_text": row.description,
    }
    if row.type == AttributeType.NUMBER:
        return forms.FloatField(**common)
    if row.type == AttributeType.DATE:
        return day_field(common.pop("label"), **common)
    if row.type == AttributeType.BOOLEAN:
        common["initial"] = {True: "true", False: "false"}.get(value, "")
        answers = [("", _("Not said")), ("true", _("Yes")), ("false", _("No"))]
        return forms.ChoiceField(choices=answers, **common)
    if row.type == AttributeType.CHOICE:
        offered = [("", _("Not said")), *row.choices()]
        if value and value not in dict(offered):
            offered.append((value, value))
        return forms.ChoiceField(choices=offered, **common)
    return forms.CharField(max_length=LONGEST_TEXT, **common)


def _option(line: str) -> dict[str, Any]:
    value, japanese, english, others = ([part.strip() for part in line.split("|")] + [""] * 3)[:4]
    synonyms = parted(others)
    return {
        "value": value,
        "label_ja": japanese or value,
        "label_en": english or japanese or value,
        **({"synonyms": synonyms} if synonyms else {}),
    }


def parted(words: str) -> list[str]:
    """Return words that are parted by commas of either script."""
    return [word.strip() for word in _COMMA.split(words) if word.strip()]


def _line(option: Any) -> str:
    if not isinstance(option, dict):
        return _evenly(str(option))
    names = [option["value"], option.get("label_ja", ""), option.get("label_en", "")]
    synonyms = option.get("synonyms")
    return _evenly(" | ".join([*names, ", ".join(synonyms)] if synonyms else names))


def _evenly(line: str) -> str:
    return " ".join(line.split())
