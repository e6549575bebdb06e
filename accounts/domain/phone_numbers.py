"""Telephone numbers are typed in many ways; what is compared are their digits."""

import re
import unicodedata

#: Fewer digits are an extension, a year, a number of seats.
FEWEST, MOST = 7, 15
#: Fewer may well be a day or an amount, where nothing says that they are a number to call.
FEWEST_ALONE = 9
#: Beside digits: blanks, brackets, a plus, and the dashes people type.
_NUMBER = re.compile(r"[+(]?[\d\s()./\u002d\u2010-\u2015\u2212\u30fc\uff70]+")
JAPAN = "81"


def phone_digits(text: str) -> list[str]:
    """Return the digits a typed number may be stored with; none for what is no number.

    03-1234-5678 and +81 3 1234 5678 are the same number, however it was written down.
    """
    folded = unicodedata.normalize("NFKC", text).strip()
    digits = re.sub(r"[^0-9]", "", folded)
    if not _NUMBER.fullmatch(folded) or not FEWEST <= len(digits) <= MOST:
        return []
    home = digits
    if digits.startswith(JAPAN) and folded.startswith("+"):
        home = "0" + digits.removeprefix(JAPAN).removeprefix("0")
    if not home.startswith("0"):
        return [digits]
    abroad = home.removeprefix("0")
    return list(dict.fromkeys([digits, home, JAPAN + abroad, f"{JAPAN}0{abroad}"]))


def numbers_in(text: str) -> list[str]:
    """Return the numbers that a field holds, without extensions and words around them."""
    runs = _NUMBER.findall(unicodedata.normalize("NFKC", text))
    numbers = [one for run in runs for one in ([run] if phone_digits(run) else run.split("/"))]
    return [one for one in numbers if any(len(form) >= FEWEST_ALONE for form in phone_digits(one))]
