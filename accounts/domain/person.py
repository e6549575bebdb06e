"""One person across accounts: what an export about them, and an erasure, look for."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, quote_plus

#: Shorter names would be found inside of other words.
SHORTEST_NAME = 3


@dataclass(frozen=True)
class Person:
    """A person as the record knows them: rows of contacts, addresses, names as they are written.

    :param key: keyed hash of the address, if there is an address.
    :param phones: numbers that nobody else on record has.
    :param external_ids: how other systems name their contacts, and so their usage events.
    :param pairs: family and given name, as they stand in cells of their own.
    :param names: the full name in every way it is written; a family name alone is shared by many.
    """

    key: bytes | None
    contacts: tuple[int, ...]
    accounts: tuple[int, ...]
    addresses: tuple[str, ...]
    names: tuple[str, ...]
    external_ids: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    phones: tuple[str, ...] = ()

    def spellings(self, texts: Iterable[str]) -> list[str]:
        """Return texts as they are written, and as they stand in the address of a list."""
        return sorted({form for text in texts for form in (text, quote(text), quote_plus(text))})


def written_names(pairs: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return how full names are written: both orders, with any space or none."""
    found: set[str] = set()
    for family, given in ((one.strip(), other.strip()) for one, other in pairs):
        if family and given:
            joined = (f"{family}{space}{given}" for space in (" ", "\u3000", ""))
            found |= {*joined, f"{given} {family}"}
    return tuple(sorted(name for name in found if len(name) >= SHORTEST_NAME))
