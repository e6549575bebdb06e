"""Numbers as people type them, and back without losing a digit."""

import unicodedata
from typing import Any

#: A typed text of this length is no number anybody means.
LONGEST = 40


def number_of(text: str, scale: float = 1.0) -> Any:
    """Return a typed number divided by `scale`; what is none comes back as typed, to be refused.

    Full-width digits and signs, thousands commas and a per-cent sign are understood.
    """
    folded = unicodedata.normalize("NFKC", text).strip().replace(",", "").replace("−", "-")
    folded = folded.removesuffix("%").strip()
    try:
        value = float(folded[:LONGEST]) / scale
    except ValueError:
        return text
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def text_of(value: Any, scale: float = 1.0) -> str:
    """Return a number times `scale` as it is typed: as short as leads back to the same number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "" if value is None else str(value)
    short = f"{value * scale:.10g}"
    if "e" not in short and float(short) / scale == value:
        return short
    return repr(value * scale)
