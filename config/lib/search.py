"""Look for a word in a folded text so that an index answers, however short the word is.

Trigrams need three characters, and most Japanese surnames have two. A table whose `search_text`
is looked through therefore has a stored column `grams` beside it, derived by the database itself
(`search_grams(search_text)`), so services, imports and bulk statements all keep it right. It holds
every character that is not ASCII, every pair with such a character, and the first one and two
letters or digits of each Latin word. Words of one or two characters ask it, longer ones the text.

What it costs a write: 35 to 90 µs a row to derive and 20 to 40 entries in a GIN index, on insert
and whenever `search_text` is among the columns of an update; other updates derive nothing.
"""

from typing import Any

from django.db.models import Lookup, TextField
from django.db.models.expressions import Col

SHORT = 2


@TextField.register_lookup
class Holds(Lookup):
    """`search_text__holds=word`: it contains the folded word; a short Latin one begins a word."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column: Any = self.lhs
        if not isinstance(column, Col) or column.target.column != "search_text":
            raise TypeError("only a column search_text has grams beside it")
        table = compiler.quote_name_unless_alias(column.alias)
        if is_gram(str(self.rhs)):
            return f"{table}.grams @> ARRAY[%s]::text[]", [self.rhs]
        return f"{table}.search_text LIKE %s", [f"%{_literal(str(self.rhs))}%"]


def is_gram(word: str) -> bool:
    """Say whether the stored grams know a word: short, and no lone ASCII sign among its letters."""
    return 0 < len(word) <= SHORT and (not word.isascii() or word.isalnum())


def _literal(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
