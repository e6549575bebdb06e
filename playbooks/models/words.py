"""Shipped text stands in both languages; this picks the reader's."""

from config.lib.formats import is_japanese


def in_reading_language(*, en: str, ja: str) -> str:
    """Return the text in the active language, or the other one where it is missing."""
    return (ja or en) if is_japanese() else (en or ja)
