"""Every way in which a person's names, addresses and numbers may be written, as expressions.

What is found is replaced in the text as it stands. So the text is not folded: the folding is turned
round, and each letter stands for all that fold to it, also as the address of a list writes them
(`%E9%AF%A8`). Python and PostgreSQL read the expressions alike; both are told to ignore case.

An exact expression takes PostgreSQL milliseconds a text, and erasure reads every text there is.
So each has a hint beside it: without a look around and with few codes it is read a hundred times
faster, and finds at least as much.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote, quote_plus

from accounts.domain.names import fold_shapes
from accounts.domain.phone_numbers import FEWEST_ALONE, JAPAN, numbers_in, phone_digits
from config.lib.kanji import COMMON_SHAPES

#: Shorter names would be found inside of other words, unless something stands between their parts.
SHORTEST_NAME = 3
_SHAPES = ("<wide>", "<narrow>", "<noBreak>")
#: Voiced kana in half width are two letters, and two where a file system of Apple wrote them.
_MARKS = {"\u3099": "\u3099\uff9e\u309b", "\u309a": "\u309a\uff9f\u309c"}
_SPACES = " \t\u00a0\u2002\u2003\u2009\u200b\u202f\u3000"
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fc\uff0d\uff70"
_BETWEEN_NAMES = (
    f"{_SPACES},\u3001\uff0c\uff64\u30fb\uff65\u00b7\u2022._\uff0e\uff3f/\uff0f|;:'\"{_DASHES}"
)
_BETWEEN_DIGITS = f"{_SPACES}\n\r()\uff08\uff09./\uff0e\uff0f\u30fb\uff65\u00b7{_DASHES}"
_LETTER = "[a-z\uff21-\uff3a\uff41-\uff5a]"
_DIGIT = "[0-9\uff10-\uff19]"
_SIGN = f"(?:{_LETTER}|{_DIGIT})"
#: What stands in front of it is the code of another sign, in an address or in JSON.
_CODE = r"(?<=%[0-9a-f][0-9a-f])|(?<=\\[bfnrt])"
#: Any in full or half width as addresses code it, and any sign but for their letters and digits:
#: were they to stand between digits, too, there would be no end of ways to read a row of them.
_CODED_WIDTH = "%EF%B[CD]"
_CODED = f"(?:%[0-9a-df][0-9a-f]|%E[0-9a-e]|{_CODED_WIDTH}%[8ab][0-9a-f])"


@dataclass(frozen=True)
class Spelling:
    """What finds a text however it is written: look for the hint, then exactly."""

    hint: str
    exact: str


NOBODY = Spelling("a^", "a^")


def either(spellings: Iterable[Spelling]) -> Spelling:
    """Return what finds any of the texts; nothing, where there are none."""
    told = list(spellings)
    hints = [*(one.hint for one in told), _CODED_WIDTH]
    return Spelling("|".join(hints), "|".join(one.exact for one in told)) if told else NOBODY


def spelled(text: str) -> str:
    """Return what finds a text in any width, case, kana and shape, and as addresses code it."""
    found = "".join(map(_written, fold_shapes(text)))
    return found if re.fullmatch(found, text, re.IGNORECASE) else f"(?:{found}|{re.escape(text)})"


def written_names(pairs: Iterable[tuple[str, str]]) -> list[Spelling]:
    """Return what finds full names: both orders, whatever stands between family and given name.

    Latin letters around them make another name of it: Ken Tanaka is not Ken Tanakadate. A dash or
    two where nobody knew a name is none.
    """
    told = {(family.strip(), given.strip()) for family, given in pairs}
    told |= {(_plain(family), _plain(given)) for family, given in told}
    told = {pair for pair in told if all(any(map(str.isalpha, name)) for name in pair)}
    return [
        _name(one, other)
        for pair in sorted(told, key=_longest_first)
        for one, other in (pair, pair[::-1])
    ]


def written_address(address: str) -> Spelling:
    """Return what finds a mail address, but not within a longer one, be it that of a country."""
    alone = f"(?<!{_LETTER})(?<!{_DIGIT})(?<!{_LETTER}[._+-])(?<!{_DIGIT}[._+-])"
    own = address.strip()
    exact = f"(?:{alone}|{_CODE}){spelled(own)}(?!{_SIGN}|[.\uff0e]{_LETTER}{{2}}(?!{_SIGN}))"
    return Spelling(_hinted(own), exact)


def written_number(phone: str) -> list[Spelling]:
    """Return what finds a telephone number, at home and from abroad, but not within a longer one.

    What is too short to be known by its digits is found as it is on record, or not at all.
    """
    forms = [_number(number) for number in numbers_in(phone)]
    own = phone.strip()
    if not forms and len(own) >= FEWEST_ALONE:
        forms = [Spelling(_hinted(own), spelled(own))]
    before = f"(?:(?<!{_DIGIT})|{_CODE})"
    return [Spelling(form.hint, f"{before}{form.exact}(?!{_DIGIT})") for form in forms]


def _longest_first(pair: tuple[str, str]) -> tuple[int, tuple[str, str]]:
    return -len("".join(pair)), pair


def _plain(name: str) -> str:
    """Return a Latin name as keys are made of it: without accents and apostrophes."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^\w\s-]", "", plain).strip()


def _name(one: str, other: str) -> Spelling:
    fewest = 0 if len(one + other) >= SHORTEST_NAME else 1
    between = f"(?:{_any_of(_BETWEEN_NAMES)}|\\\\t){{{fewest},8}}"
    starts = f"(?:(?<!{_LETTER})|{_CODE})" if fold_shapes(one)[0].isascii() else ""
    ends = f"(?!{_LETTER})" if fold_shapes(other)[-1].isascii() else ""
    near = _near(f"{_BETWEEN_NAMES}\\t+")
    return Spelling(
        "|".join(filter(None, [f"{_hinted(one)}{near}{_hinted(other)}", _coded_start(one)])),
        f"{starts}{spelled(one)}{between}{spelled(other)}{ends}",
    )


def _number(number: str) -> Spelling:
    """Return what finds the digits of a number, with zero or the code of Japan in front."""
    digits, *others = phone_digits(number)
    home = next((one for one in (digits, *others) if one.startswith("0")), "")
    if not home and digits.startswith(JAPAN):
        home = digits.removeprefix(JAPAN)
    between = f"(?:{_any_of(_BETWEEN_DIGITS)}|\\\\[nrt]){{0,3}}"
    zero, eight, one = (_written(digit) + between for digit in "081")
    abroad = f"(?:{zero}{zero}|{zero}{one}(?:{zero}|{one}))?{eight}{one}(?:{zero})?"
    front = f"(?:{abroad}|{zero})" if home else ""
    written = [_written(digit) for digit in home.removeprefix("0") or digits]
    near = _near(f"{_BETWEEN_DIGITS}\\nrt+")
    return Spelling(near.join(written), front + between.join(written))


def _hinted(text: str) -> str:
    """Return what finds a text whose letters are not coded; signs between them may be."""
    found = "".join(_written(letter, not letter.isalnum()) for letter in fold_shapes(text))
    return found if re.fullmatch(found, text, re.IGNORECASE) else f"(?:{found}|{re.escape(text)})"


def _near(letters: str) -> str:
    return f"(?:{_any_of(letters, is_coded=False)}|{_CODED})*"


def _coded_start(name: str) -> str:
    """Return what finds the first two letters of a name as addresses code them, if they do."""
    found = ""
    for letter in fold_shapes(name)[:2]:
        known = _letters().get(letter, letter)
        forms = {form for one in known for form in (one, unicodedata.normalize("NFD", one))}
        found += f"(?:{'|'.join(sorted(map(quote, forms)))})"
    return "" if name.isascii() else found


def _written(letter: str, is_coded: bool = True) -> str:
    """Return what finds a folded letter: alone, or taken apart into letter and mark."""
    alone = _any_of(_letters().get(letter, letter), is_coded)
    base, mark = (*unicodedata.normalize("NFD", letter), "")[:2]
    if not mark or not unicodedata.combining(mark):
        return alone
    apart = (_letters().get(fold_shapes(base), base), _MARKS.get(mark, mark))
    return f"(?:{alone}|{''.join(_any_of(letters, is_coded) for letters in apart)})"


@cache
def _any_of(letters: str, is_coded: bool = True) -> str:
    """Return what finds one of the letters, as it is or as addresses write it."""
    plain = "[" + "".join(map(re.escape, letters)) + "]"
    coded = {code(letter, safe="") for letter in letters for code in (quote, quote_plus)}
    others = [re.escape(code) for code in sorted(coded - set(letters)) if is_coded]
    return f"(?:{'|'.join([plain, *others])})" if others else plain


@cache
def _letters() -> dict[str, str]:
    """Return folded letter → all that fold to it, but for those in circles and other ornaments."""
    found: dict[str, str] = defaultdict(str)
    for letter in map(chr, (*range(0x20, 0xD800), *range(0xE000, 0x10000), *COMMON_SHAPES)):
        shape = unicodedata.decomposition(letter).partition(" ")[0]
        if not shape.startswith("<") or shape in _SHAPES:
            found[fold_shapes(letter)] += letter
    return dict(found)
