"""Text that a spreadsheet must not calculate, and the way back to what it was.

A cell that begins like a formula gets an apostrophe in front, also where blanks and signs nobody
sees stand before it, which spreadsheets skip or lose. So does a text that already has apostrophes
before such a beginning, which makes the way back exact.
"""

import re

#: Blanks, control characters and what sets the direction of text or shows nothing at all.
HIDDEN = (
    "\x00-\x20\x7f-\xa0\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u1680"
    "\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e01ef"
)
#: How spreadsheets recognise a formula, also in the full-width letters of Japanese keyboards.
SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212"
#: Read by Python and, without the NUL that no stored text holds, by PostgreSQL.
FORMULA = f"^['{HIDDEN}]*[{SIGNS}]|^'*[\t\r\n]"
_FORMULA = re.compile(FORMULA)


def make_inert(text: str) -> str:
    """Return the text as a spreadsheet shows it and never runs it."""
    return f"'{text}" if _FORMULA.match(text) else text


def make_plain(text: str) -> str:
    """Return what `make_inert` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
