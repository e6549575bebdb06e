"""The 13-digit corporate number 法人番号: one check digit in front of twelve digits.

Source of the formula: ordinance on the designation of corporate numbers, article 2 (財務省令).
"""

import unicodedata

LENGTH = 13


class BadCorporateNumber(ValueError):
    """Not thirteen digits, or the check digit does not fit the other twelve."""


def check_digit(base: str) -> int:
    """Return 9 − (Σ Pₙ·Qₙ mod 9), Pₙ the n-th of twelve digits from the right, Qₙ 1, 2, 1, 2 …"""
    weighted = (int(digit) * (1 + n % 2) for n, digit in enumerate(reversed(base)))
    return 9 - sum(weighted) % 9


def parse_corporate_number(text: str) -> str:
    """Return the thirteen digits of a number typed in any width, with hyphens, spaces or a T.

    The T stands before the same number when it registers an issuer of qualified invoices.

    :raises BadCorporateNumber: when they are not thirteen or the check digit is wrong.
    """
    typed = unicodedata.normalize("NFKC", text).upper().strip().removeprefix("T")
    digits = "".join(typed.replace("-", " ").split())
    if len(digits) != LENGTH or not (digits.isascii() and digits.isdigit()):
        raise BadCorporateNumber(text)
    if int(digits[0]) != check_digit(digits[1:]):
        raise BadCorporateNumber(text)
    return digits
