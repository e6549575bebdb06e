"""Records within a JSON body that somebody else shaped: read within limits, found by paths.

A path names members and places, parted by points: `properties.company.name`, `0.id`. It begins at
the record; `$.` before it begins at the body. `$` alone is the body itself.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

DEEPEST = 32
BODY = "$"
_FROM_BODY = f"{BODY}."
_MISSING = object()
#: Neither PostgreSQL nor UTF-8 hold them.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class BodyRefused(ValueError):
    """The body is not taken; `code` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class NoRecords(ValueError):
    """Nothing stands where the records should."""


class NotAValue(ValueError):
    """An object, or a list of them, stands where a value should."""

    def __init__(self, number: int, key: str) -> None:
        self.number, self.key = number, key
        super().__init__(number, key)


def read_json(body: bytes) -> Any:
    """Read JSON in UTF-8; numbers stay texts, as they were written.

    :raises BodyRefused: `not_json`, `too_deep` or `unstorable`.
    """
    try:
        document = json.loads(
            body.decode("utf-8-sig"), parse_int=str, parse_float=str, parse_constant=_refuse
        )
    except ValueError:
        raise BodyRefused("not_json") from None
    except RecursionError:
        raise BodyRefused("too_deep") from None
    if any(_UNSTORABLE.search(text) for text in texts_of(document, deepest=DEEPEST)):
        raise BodyRefused("unstorable")
    return document


def texts_of(value: Any, *, deepest: int) -> Iterator[str]:
    """Yield every text of a value, names of members, too.

    :raises BodyRefused: `too_deep`.
    """
    if deepest < 0:
        raise BodyRefused("too_deep")
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for inner in value.values():
            yield from texts_of(inner, deepest=deepest - 1)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_of(inner, deepest=deepest - 1)


def records_in(document: Any, path: str) -> list[Any]:
    """Return the records at a path: a list of them, or one; without a path the body is one.

    :raises NoRecords: when nothing stands there.
    """
    found = _at(document, document, path) if path else document
    if found is _MISSING or found is None:
        raise NoRecords
    return found if path and isinstance(found, list) else [found]


def rows_of(document: Any, *, path: str, columns: Mapping[str, str]) -> list[list[str]]:
    """Return a row a record, its cells in the order of `columns` (key of the column → path).

    What is missing or null is an empty cell; a list of values is one cell, parted by semicolons.

    :raises NoRecords: when nothing stands at the path.
    :raises NotAValue: naming the record, from 1, and the column.
    """
    return [
        [_cell(_at(record, document, place), number, key) for key, place in columns.items()]
        for number, record in enumerate(records_in(document, path), start=1)
    ]


def forget_in(document: Any, *, path: str, names: Callable[[str], bool]) -> Any:
    """Return the body without the records that name a person; None where the rest names them.

    Records keep their places. The same body comes back where nobody is named.
    """
    if not _named(document, names):
        return document
    try:
        records = records_in(document, path) if path else []
    except NoRecords:
        records = []
    kept = [None if _named(record, names) else record for record in records]
    records[:] = kept
    return None if not path or _named(document, names) else document


def _named(value: Any, names: Callable[[str], bool]) -> bool:
    return any(names(text) for text in texts_of(value, deepest=DEEPEST))


def _at(record: Any, document: Any, path: str) -> Any:
    if path == BODY:
        return document
    value = document if path.startswith(_FROM_BODY) else record
    for name in path.removeprefix(_FROM_BODY).split("."):
        value = _inner(value, name)
    return value


def _inner(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        return value.get(name, _MISSING)
    if isinstance(value, list) and name.isascii() and name.isdigit() and len(name) <= len("999999"):
        return value[int(name)] if int(name) < len(value) else _MISSING
    return _MISSING


def _cell(value: Any, number: int, key: str) -> str:
    if isinstance(value, list):
        return ";".join(filter(None, (_text(one, number, key) for one in value)))
    return _text(value, number, key)


def _text(value: Any, number: int, key: str) -> str:
    if value is _MISSING or value is None:
        return ""
    if isinstance(value, dict | list):
        raise NotAValue(number, key)
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def _refuse(word: str) -> Sequence[Any]:
    raise ValueError(word)
