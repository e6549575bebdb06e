"""Who is named in a text: `@` and a name, a reading in Latin letters or the front of an address.

Names may be written with or without the space between them. The longest name that fits counts, so
that `@林田` never means 林; a name ends where its word ends.
"""

import re
from collections.abc import Iterable, Mapping

from accounts.domain.names import fold_width_and_case

MARK = "@"
_WORD = re.compile(r"[a-z0-9_]")
_KANJI = re.compile(r"[々\u4e00-\u9fff]")
#: What may follow a name in kanji without being a part of it.
_FORMS_OF_ADDRESS = "様氏殿君"


def mentioned(text: str, names: Mapping[int, Iterable[str]]) -> list[int]:
    """Return who is named in a text, each once and in order.

    :param names: what each person is called, by their id; one name of two people names neither.
    """
    owners: dict[str, set[int]] = {}
    for person, called in names.items():
        for name in called:
            owners.setdefault(_folded(name), set()).add(person)
    known = sorted((name for name in owners if name), key=len, reverse=True)
    folded, found = fold_width_and_case(text), []
    for place in _marks(folded):
        rest = folded[place:]
        fitting = (name for name in known if _begins(rest, name))
        who = owners[name] if (name := next(fitting, "")) else set()
        found += [person for person in who if len(who) == 1]
    return list(dict.fromkeys(found))


def _marks(folded: str) -> list[int]:
    """Return where names may begin: behind each mark that is not within an address."""
    return [
        place + 1
        for place, letter in enumerate(folded)
        if letter == MARK and not (place and _WORD.match(folded[place - 1]))
    ]


def _begins(rest: str, name: str) -> bool:
    """Say whether a text begins with a name, whatever space stands within it."""
    at = 0
    for letter in name:
        while at < len(rest) and at and rest[at] in " \u3000":
            at += 1
        if at >= len(rest) or rest[at] != letter:
            return False
        at += 1
    return at >= len(rest) or not _goes_on(name[-1], rest[at])


def _goes_on(last: str, following: str) -> bool:
    """Say whether two letters belong to one name."""
    if _WORD.match(last):
        return bool(_WORD.match(following))
    is_name = _KANJI.match(last) and _KANJI.match(following)
    return bool(is_name) and following not in _FORMS_OF_ADDRESS


def _folded(name: str) -> str:
    return "".join(fold_width_and_case(name).split())
