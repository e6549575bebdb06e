"""Which level a title stands for, by the words in it.

The word that comes first decides, of words that begin at the same place the longest: 代表取締役社長
is a top executive, 副部長 and 部長代理 are no 部長, a Vice President is no President.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from accounts.domain.names import fold_for_search

_LATIN = "[0-9a-z]"
_NOTHING = "(?!)"


def folded_words(words: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Return folded word → level; the first level that has a word keeps it."""
    found: dict[str, str] = {}
    for level, ones in words.items():
        for word in ones:
            if folded := fold_for_search(word):
                found.setdefault(folded, level)
    return found


def words_pattern(words: Iterable[str]) -> str:
    """Return an expression of PostgreSQL for the word that decides: it takes the longest by itself.

    Words are put together by what may stand around them. With thousands of them, each with its own
    condition, PostgreSQL would take half a minute before it read the first title.
    """
    around: dict[tuple[str, str], list[str]] = {}
    for word in sorted(words):
        around.setdefault(_around(word), []).append(re.escape(word))
    parts = (f"{before}(?:{'|'.join(ones)}){behind}" for (before, behind), ones in around.items())
    return "|".join(parts) or _NOTHING


def level_of(title: str, words: Mapping[str, str]) -> str:
    """Return the level of a title by folded words; empty where none of them is in it."""
    match = re.search(_longest_first(tuple(words)), fold_for_search(title)) if title else None
    return words[match[0]] if match else ""


@lru_cache(maxsize=8)
def _longest_first(words: tuple[str, ...]) -> re.Pattern[str]:
    """Return an expression of Python for the same: it takes the first of its alternatives."""
    longest = sorted(words, key=lambda word: (-len(word), word))
    return re.compile("|".join(map(_word, longest)) or _NOTHING)


def _word(word: str) -> str:
    before, behind = _around(word)
    return f"{before}{re.escape(word)}{behind}"


def _around(word: str) -> tuple[str, str]:
    """Return what may not stand before and behind a word.

    Latin words are words of their own: neither is a COO in `cooperation` nor a VP in `RSVP`.
    """
    return (
        f"(?<!{_LATIN})" if re.match(_LATIN, word) else "",
        f"(?!{_LATIN})" if re.search(_LATIN + r"\Z", word) else "",
    )
