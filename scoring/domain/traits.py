"""Which field of ours a trait speaks of, and whether its value fits.

A mail address is none of them, whatever a write key lists: a leaked key must not redirect surveys.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Trait:
    """Where the value of a field is found: the call, the names senders use, its longest text."""

    kind: str
    names: tuple[str, ...]
    longest: int


TRAITS = {
    "contact.given_name": Trait("identify", ("firstName", "first_name"), 80),
    "contact.family_name": Trait("identify", ("lastName", "last_name"), 80),
    "contact.title": Trait("identify", ("title",), 120),
    "contact.department": Trait("identify", ("department",), 120),
    "contact.phone": Trait("identify", ("phone",), 40),
    "account.short_name": Trait("group", ("shortName", "short_name"), 100),
    "account.name_latin": Trait("group", ("nameLatin", "name_latin"), 200),
}


def read_traits(kind: str, traits: dict[str, Any], *, allowed: Iterable[str]) -> dict[str, str]:
    """Return the columns these traits set, of the fields allowed; what does not fit is left out."""
    found = {}
    for field in allowed:
        trait = TRAITS.get(field)
        if trait is None or trait.kind != kind:
            continue
        for name in trait.names:
            value = _fitting(traits.get(name), trait)
            if value is not None:
                found[field.partition(".")[2]] = value
    return found


def _fitting(value: Any, trait: Trait) -> str | None:
    if isinstance(value, str) and 0 < len(value.strip()) <= trait.longest:
        return value.strip()
    return None
