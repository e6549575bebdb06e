"""The folding of search as SQL, for texts that have no folded column of their own.

Equal to `accounts.domain.names.fold_for_search` but for runs of spaces and a few letters whose
lower case is longer than they are.
"""

from typing import Any

from django.db.models import Func, TextField

_KATAKANA = [*range(0x30A1, 0x30F7), 0x30FD, 0x30FE]
_KANA = "".join(map(chr, _KATAKANA)), "".join(chr(code - 0x60) for code in _KATAKANA)


class Folded(Func):
    """A text without width, case, and the difference between katakana and hiragana."""

    template = f"translate(lower(normalize(%(expressions)s, NFKC)), '{_KANA[0]}', '{_KANA[1]}')"
    arity = 1

    def __init__(self, *expressions: Any, **extra: Any) -> None:
        super().__init__(*expressions, output_field=TextField(), **extra)


class PhoneDigits(Func):
    """Only the digits of a text, whatever their width; the index of telephone numbers."""

    template = "regexp_replace(normalize(%(expressions)s, NFKC), '[^0-9]', '', 'g')"
    arity = 1

    def __init__(self, *expressions: Any, **extra: Any) -> None:
        super().__init__(*expressions, output_field=TextField(), **extra)
