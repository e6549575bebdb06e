"""Text that a spreadsheet must not calculate, and the way back to what it was.

A cell that begins like a formula gets an apostrophe in front. So does a text that already has
apostrophes before such a beginning, which makes the way back exact.
"""

import re

#: How spreadsheets recognise a formula, also in the full-width letters of Japanese keyboards.
_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_INERT = re.compile("'+[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def make_inert(text: str) -> str:
    """Return the text as a spreadsheet shows it and never runs it."""
    return f"'{text}" if _FORMULA.match(text) else text


def make_plain(text: str) -> str:
    """Return what `make_inert` was given."""
    return text[1:] if _INERT.match(text) else text
