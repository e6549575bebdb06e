"""Values of custom attributes: what each type takes, and the one form in which it is stored.

Compiled SQL reads these values by type, so nothing may be stored that a reader of that type would
stumble over.
"""

import datetime as dt
import math
from collections.abc import Collection
from decimal import Decimal
from typing import Any

LONGEST_TEXT = 2000


class BadValue(ValueError):
    """The type does not take this value; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def stored_value(*, kind: str, value: Any, options: Collection[str] = ()) -> Any:
    """Return the JSON form of a value: text, number, true or false, ISO date, or an option.

    :param kind: the type of the attribute.
    :raises BadValue: with the code of the type that does not take it.
    """
    parsers = {"text": _text, "number": _number, "boolean": _boolean, "date": _date}
    if kind == "choice":
        if not isinstance(value, str) or value not in options:
            raise BadValue("choice")
        return value
    return parsers[kind](value)


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT or "\0" in value:
        raise BadValue("text")
    return value


def _number(value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise BadValue("number")
    if isinstance(value, int):
        if abs(value) >= 10**15:
            raise BadValue("number")
        return value
    number = float(value)
    if not math.isfinite(number) or abs(number) >= 1e15:
        raise BadValue("number")
    return int(number) if number.is_integer() else number


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadValue("boolean")
    return value


def _date(value: Any) -> str:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value.isoformat()
    try:
        return dt.datetime.strptime(value, "%Y-%m-%d").date().isoformat()  # noqa: DTZ007
    except (TypeError, ValueError) as error:
        raise BadValue("date") from error
