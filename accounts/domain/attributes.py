"""Values of custom attributes: what each type takes, and the one form in which it is stored.

Compiled SQL reads these values by type, so nothing may be stored that a reader of that type would
stumble over.
"""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from accounts.domain.cells import fold_word

LONGEST_TEXT = 2000
#: Of a word that is none of the options.
LONGEST_WORD = 100


class BadValue(ValueError):
    """The type does not take this value; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def stored_value(
    *, kind: str, value: Any, words: Mapping[str, str] | None = None, takes_others: bool = False
) -> Any:
    """Return the JSON form of a value: text, number, true or false, ISO date, or an option.

    :param kind: the type of the attribute.
    :param words: word → option it stands for, of a choice, as `option_words` gives them.
    :param takes_others: keep a word that stands for none as it is written.
    :raises BadValue: with the code of the type that does not take it.
    """
    parsers = {"text": _text, "number": _number, "boolean": _boolean, "date": _date}
    if kind == "choice":
        return _option(value, words or {}, takes_others)
    return parsers[kind](value)


def option_words(options: Sequence[Any]) -> dict[str, str]:
    """Return word → option: what each is called in both languages, and its synonyms, folded.

    Where two options are called alike the value of one comes before a label of the other.
    """
    named = [option if isinstance(option, dict) else {"value": option} for option in options]
    words: dict[str, str] = {}
    for name in ("value", "label_ja", "label_en"):
        for option in named:
            words.setdefault(fold_word(option.get(name) or option["value"]), option["value"])
    for option in named:
        for synonym in option.get("synonyms") or ():
            words.setdefault(fold_word(synonym), option["value"])
    return words | {option["value"]: option["value"] for option in named}


def _option(value: Any, words: Mapping[str, str], takes_others: bool) -> str:
    if not isinstance(value, str):
        raise BadValue("choice")
    if (option := words.get(value) or words.get(fold_word(value))) is not None:
        return option
    word = value.strip()
    if not (takes_others and word) or len(word) > LONGEST_WORD or "\0" in word:
        raise BadValue("choice")
    return word


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
