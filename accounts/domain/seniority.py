"""Which level a title stands for, by the words in it.

The word that comes first decides, of words that begin at the same place the longest: 代表取締役社長
is a top executive, 副部長 and 部長代理 are no 部長, a Vice President is no President.
"""

import re
from collections.abc import Iterable, Mapping

from accounts.domain.names import fold_for_search

_LATIN = "[0-9a-z]"


def folded_words(words: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Return folded word → level; the first level that has a word keeps it."""
    found: dict[str, str] = {}
    for level, ones in words.items():
        for word in ones:
            if folded := fold_for_search(word):
                found.setdefault(folded, level)
    return found


def words_pattern(words: Iterable[str]) -> str:
    """Return an expression, read alike by Python and PostgreSQL, for the word that decides.

    Latin words are words of their own: neither is a COO in `cooperation` nor a VP in `RSVP`.
    """
    longest = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(map(_word, longest)) or "(?!)"


def level_of(title: str, words: Mapping[str, str]) -> str:
    """Return the level of a title by folded words; empty where none of them is in it."""
    match = re.search(words_pattern(words), fold_for_search(title)) if title else None
    return words[match[0]] if match else ""


def _word(word: str) -> str:
    before = f"(?<!{_LATIN})" if re.match(_LATIN, word) else ""
    behind = f"(?!{_LATIN})" if re.search(_LATIN + "$", word) else ""
    return f"{before}{re.escape(word)}{behind}"
