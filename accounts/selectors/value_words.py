"""Stored values as people read them: words of choices, names of countries, dates, numbers."""

from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from accounts.choices import AttributeType, Language
from accounts.models import AttributeDefinition
from accounts.registry import lists as record_lists
from accounts.selectors.touchpoint_types import type_label
from config.lib.formats import country_name, listed, money, number

#: What a record or an id came from, where that is no system with a name of its own.
_SOURCES: dict[str, Any] = {
    "manual": _("By hand"),
    "external_id": _("Own system"),
    "usage": _("Usage events"),
}
#: What a key stands for, where the column knows no choices.
_KEYS: dict[str, Any] = {
    "list_key": lambda key: record_lists.get(key).label if key in record_lists else _("Accounts"),
    "type": type_label,
    "language": lambda key: dict(Language.choices).get(key, key),
    "country": country_name,
    "fiscal_year_end_month": lambda key: MONTHS[int(key)],
    "budget_month": lambda key: MONTHS[int(key)],
    "source": lambda key: _SOURCES.get(key, key),
}


def column_word(column: Any, value: Any) -> Any:
    """Return the stored value of a column that leads to no other record: a word, date or number."""
    if is_empty(value):
        return ""
    if column.flatchoices:
        return dict(column.flatchoices).get(value, value)
    if column.name == "options" and column.model is AttributeDefinition:
        return listed(label for _value, label in AttributeDefinition(options=value).choices())
    if isinstance(column, ArrayField) and column.base_field.flatchoices:
        words = dict(column.base_field.flatchoices)
        return listed(words.get(one, one) for one in value)
    if column.name in _KEYS:
        return _KEYS[column.name](str(value))
    if isinstance(column, models.DateTimeField):
        return parse_datetime(str(value)) or value
    if isinstance(column, models.DateField):
        return parse_date(str(value)) or value
    if isinstance(column, models.DecimalField):
        return number(Decimal(str(value)))
    return plain_word(value)


def amount_word(value: Any, currency: str) -> str:
    """Return a stored amount with its currency; nothing for none."""
    return "" if is_empty(value) else money(Decimal(str(value)), currency)


def attribute_word(definition: AttributeDefinition | None, value: Any) -> Any:
    """Return the stored value of an attribute; as it is where nobody declares it any more."""
    if definition is not None and isinstance(value, str):
        if definition.type == AttributeType.DATE:
            return parse_date(value) or value
        return dict(definition.choices()).get(value, value)
    return plain_word(value)


def plain_word(value: Any) -> Any:
    """Return a value without a column: yes or no, a list in a row, nothing for none."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return listed(plain_word(one) for one in value)
    return "" if value is None else value


def is_empty(value: Any) -> bool:
    """Say whether a stored value says nothing; 0 and no do."""
    return value is None or value in ("", [], {})
