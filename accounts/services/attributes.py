"""Custom attributes and some columns whose past matters: dated facts, checked before stored."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.domain.attributes import BadValue, stored_value
from accounts.models import Account, AttributeDefinition, AttributeValue
from accounts.services.facts import end_fact, put_fact
from config.lib.problems import FieldError, Problem, Text

#: Kept in the same table, but set through their own columns.
RESERVED = {"tier", "touch_model", "tracked", "churn_reason"}
_FAULTS: dict[str, Text] = {
    "text": _("Give a text of at most 2,000 characters."),
    "number": _("Give a number."),
    "boolean": _("Give true or false."),
    "date": _("Give a date as year-month-day."),
    "choice": _("This is none of the options."),
    "unknown": _("There is no such attribute."),
}


class BadAttributes(Problem):
    """An attribute that is not declared, or a value its type does not take."""

    code = "bad_attributes"
    title = _("Some attributes can't be stored.")


def put_attributes(
    account: Account, values: Mapping[str, Any], *, on: dt.date, today: dt.date, at: dt.datetime
) -> None:
    """Record the values from day `on` and set the current ones on the account, not saved yet.

    :raises BadAttributes: naming every key that does not hold.
    """
    for key, value in checked_values(values).items():
        if value is None:
            _take_away(account, key, on=on, at=at)
        else:
            set_current_value(account, key, value, on=on, at=at)
    account.attributes = _current_attributes(account, today=today)


def checked_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values in stored form; None stays None.

    :raises BadAttributes: naming every key that does not hold.
    """
    known = AttributeDefinition.objects.filter(
        key__in=list(values), is_archived=False, expression=""
    )
    definitions = {definition.key: definition for definition in known}
    checked, errors = {}, []
    for key, value in values.items():
        try:
            checked[key] = None if value is None else _checked(definitions.get(key), value)
        except BadValue as fault:
            errors.append(FieldError(f"/attributes/{key}", _FAULTS[fault.code]))
    errors += [
        FieldError(f"/attributes/{key}", _FAULTS["unknown"])
        for key, value in values.items()
        if value is None and key not in definitions
    ]
    if errors:
        raise BadAttributes(errors=errors)
    return checked


def set_current_value(
    account: Account, key: str, value: Any, *, on: dt.date, at: dt.datetime
) -> None:
    """Record one value from day `on`, whatever its key."""
    owner = {"account": account, "key": key}
    put_fact(AttributeValue, owner=owner, values={"value": value}, on=on, at=at)


def _checked(definition: AttributeDefinition | None, value: Any) -> Any:
    if definition is None or definition.key in RESERVED:
        raise BadValue("unknown")
    return stored_value(
        kind=definition.type,
        value=value,
        words=definition.words(),
        takes_others=definition.takes_others,
    )


def _take_away(account: Account, key: str, *, on: dt.date, at: dt.datetime) -> None:
    for fact in AttributeValue.objects.filter(account=account, key=key).current():
        end_fact(fact, on=on, at=at)


def _current_attributes(account: Account, *, today: dt.date) -> dict[str, Any]:
    facts: Any = account.attribute_values.exclude(key__in=RESERVED)
    return dict(facts.current().holding_on(today).order_by("key").values_list("key", "value"))
