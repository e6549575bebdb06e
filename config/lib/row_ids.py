"""Ids of rows as they stand in addresses and forms: anything may be written there."""

import re

_DIGITS = re.compile(r"[0-9]{1,18}")


def is_row_id(text: str) -> bool:
    """Say whether a text can be the id of a row: digits, and no more than a bigint holds."""
    return _DIGITS.fullmatch(text) is not None
