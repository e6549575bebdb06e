"""Types of talks: the one with a meaning of its own, and the keys of those a team adds."""

import re
from collections.abc import Container
from itertools import chain, count

#: It never counts as a touch, whatever it is called.
INTERNAL_NOTE = "internal_note"
#: What a new talk is until somebody says otherwise.
USUAL_TYPE = "call"
LONGEST_KEY = 20
#: Minutes.
LONGEST_TALK = 1440
_LONGEST_STEM = 16


def new_key(label: str, *, taken: Container[str]) -> str:
    """Return a key made of the English label that no other type has."""
    words = "_".join(re.findall("[a-z0-9]+", label.casefold()))
    stem = words[:_LONGEST_STEM].strip("_") or "type"
    numbered = (f"{stem}_{number}" for number in count(2))
    return next(key for key in chain([stem], numbered) if key not in taken)
