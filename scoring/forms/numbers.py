"""Numbers as people type them, and back without losing a digit."""

import math
import re
import unicodedata
from decimal import Decimal, InvalidOperation, localcontext
from typing import Any

#: A longer text is no number anybody means.
LONGEST = 40
#: Digits within which a scale is applied exactly.
DIGITS = 400
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")


def number_of(text: str, scale: float = 1.0) -> Any:
    """Return a typed number divided by `scale`; what is none comes back as typed, to be refused.

    Full-width digits and signs, commas between thousands and a per-cent sign are understood.
    """
    folded = unicodedata.normalize("NFKC", text).strip().replace("−", "-")
    folded = folded.removesuffix("%").strip()
    if _THOUSANDS.fullmatch(folded):
        folded = folded.replace(",", "")
    if len(folded) > LONGEST:
        return text
    try:
        with localcontext(prec=DIGITS):
            value = float(Decimal(folded) / Decimal(scale))
    except (InvalidOperation, OverflowError, ValueError):
        return text
    if not math.isfinite(value):
        return text
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def text_of(value: Any, scale: float = 1.0) -> str:
    """Return a number times `scale` as it is typed: as short as leads back to the same number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "" if value is None else str(value)
    with localcontext(prec=DIGITS):
        number = Decimal(repr(value)) * Decimal(scale)
        text, exact = f"{number:f}", str(number.normalize())
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text if len(text) <= LONGEST else exact
