"""The folding of search as SQL, for texts that have no folded column of their own.

Equal to `accounts.domain.names.fold_for_search` but for runs of spaces and a few letters whose
lower case is longer than they are.
"""

import unicodedata
from typing import Any

from django.db.models import Func, TextField

from config.lib.kanji import VARIANTS

_KATAKANA = [*range(0x30A1, 0x30F7), 0x30FD, 0x30FE]
_KANA = "".join(map(chr, _KATAKANA)), "".join(chr(code - 0x60) for code in _KATAKANA)
#: Before NFKC: the shapes, and the signs for compatibility that would become one of them.
_KANJI = VARIANTS | {
    sign: VARIANTS[shape]
    for sign in map(chr, (*range(0x2E80, 0x2FE0), *range(0xF900, 0xFB00)))
    if (shape := unicodedata.normalize("NFKC", sign)) in VARIANTS and shape != sign
}


class Folded(Func):
    """A text without width, case, shapes of kanji, and what tells katakana from hiragana.

    Few texts have a kanji of another shape, and to look is four times as quick as to replace.
    """

    template = (
        f"translate(lower(normalize(CASE WHEN %(expressions)s ~ '[{''.join(_KANJI)}]'"
        f" THEN translate(%(expressions)s, '{''.join(_KANJI)}', '{''.join(_KANJI.values())}')"
        f" ELSE %(expressions)s END, NFKC)), '{_KANA[0]}', '{_KANA[1]}')"
    )
    arity = 1

    def __init__(self, *expressions: Any, **extra: Any) -> None:
        super().__init__(*expressions, output_field=TextField(), **extra)

    def as_sql(self, *args: Any, **extra: Any) -> Any:
        """Return the statement, in which the text stands three times."""
        sql, params = super().as_sql(*args, **extra)
        return sql, [*params] * self.template.count("%(expressions)s")


class PhoneDigits(Func):
    """Only the digits of a text, whatever their width; the index of telephone numbers."""

    template = "regexp_replace(normalize(%(expressions)s, NFKC), '[^0-9]', '', 'g')"
    arity = 1

    def __init__(self, *expressions: Any, **extra: Any) -> None:
        super().__init__(*expressions, output_field=TextField(), **extra)
