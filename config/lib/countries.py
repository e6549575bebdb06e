"""Countries as ISO 3166 codes, and what they are called."""

import unicodedata
from functools import cache

from babel import Locale

#: Two letters that the language data of Babel names though ISO 3166 gives them to no country.
_OTHERS = frozenset(
    ("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ")
)
COUNTRIES = frozenset(
    code
    for code in map(str, Locale("en").territories)
    if len(code) == 2 and code.isalpha() and code not in _OTHERS
)


def country_code(text: str) -> str | None:
    """Return the code of a country as it is stored, None for what is no country."""
    code = text.strip().upper()
    return code if code in COUNTRIES else None


@cache
def country_choices(locale: str) -> list[tuple[str, str]]:
    """Return every country with its name in a language, in the order of the names."""
    names = Locale(locale).territories
    return sorted(
        ((code, str(names[code])) for code in COUNTRIES), key=lambda pair: _place(pair[1])
    )


def _place(name: str) -> str:
    """Put a letter with a mark where the letter stands without it."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    return "".join(sign for sign in letters if not unicodedata.combining(sign))
