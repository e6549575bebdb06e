"""What every account has as a value: columns, filters, exports and formulas read it."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.db.models.expressions import Combinable

from accounts.choices import RecordKind
from config.lib.registry import Registry

_KINDS = frozenset(RecordKind.values)


@dataclass(frozen=True)
class Field:
    """A value every account has, as SQL and as Python; dots in the key become `_` in SQL.

    :param type: text, number, money, boolean, date, datetime, choice, set (of row ids), or a type
        of its own with a template.
    :param expression: the SQL value of an account at an instant.
    :param column: the plain column of `Account` this is, if it is one.
    :param order: place among the columns the account list shows by default; None for none.
    :param template: what writes a cell, or its template; by default the writer of its type.
    :param needs: keys of further fields its template reads, by the last part of their keys.
    :param stage: the app it comes from; scorecards accept segments below `scoring` only.
    :param written: what a file of the list holds of a value; by default the value itself.
    :param is_column: whether the account list may show it as a column.
    :param in_rest: whether every account over REST carries it; what only rules ask for is not
        reckoned for each.
    :param told_by: the kind of record it tells about, where its key does not begin with the kind.
    :param parts: how many parts its formula has, with those of the formulas it reads.
    :param fact: reads the value, and which day it is, as the one thing to know of an account, said
        under its name in the list; empty where there is nothing to say.
    :param fact_order: which fact is shown where several say something: the least.
    :param words: of a choice, other words that stand for one of its values, folded.
    :param having: of a set, `having(values)` is the condition that an account has one of them.
    """

    key: str
    type: str
    label: Any
    stage: str
    expression: Callable[[dt.datetime], Combinable]
    choices: Callable[[], Sequence[tuple[Any, Any]]] | None = None
    column: str = ""
    order: int | None = None
    template: str = ""
    needs: tuple[str, ...] = ()
    now_only: bool = False
    written: Callable[[Any], Any] | None = field(default=None, repr=False)
    is_sortable: bool = True
    is_filter: bool = False
    is_secondary: bool = False
    is_column: bool = True
    in_rest: bool = True
    told_by: str = ""
    parts: int = 1
    fact: Callable[[Any, dt.date], Any] | None = None
    fact_order: int = 0
    words: Callable[[], Mapping[str, Any]] | None = field(default=None, repr=False)
    having: Callable[[Sequence[Any]], Q] | None = field(default=None, repr=False)

    @property
    def alias(self) -> str:
        """Return the attribute of an account that holds the value."""
        return self.column or self.key.replace(".", "_")

    @property
    def kind(self) -> str:
        """Return the kind of record whose policy says who sees the value."""
        prefix = self.told_by or self.key.partition(".")[0].removesuffix("s")
        return prefix if prefix in _KINDS else RecordKind.ACCOUNT

    @property
    def is_numeric(self) -> bool:
        """Say whether cells are set to the right."""
        return self.type in {"number", "money", "date", "datetime", "delta"}


def field_of(key: str) -> Field:
    """Return a field by its key, whether it is built in or came while the product runs.

    :raises UnknownKey: when there is none.
    """
    prefix = key.partition(".")[0]
    if key not in fields and prefix in field_sources:
        found = field_sources.get(prefix)().get(key)
        if found is not None:
            return found
    return fields.get(key)


def all_fields() -> list[Field]:
    """Return every field there is now, the built-in ones first, each in key order."""
    lately = [source() for source in field_sources.members()]
    return [*fields.members(), *(field for found in lately for _, field in sorted(found.items()))]


fields: Registry[Field] = Registry("field")

#: Fields that come and go while the product runs, by the prefix of their keys; a source reads
#: what there is in one query a request.
field_sources: Registry[Callable[[], Mapping[str, Field]]] = Registry("source of fields")
