"""What a list looks like as a file: its columns, and its rows as they come from the database.

A sheet is one statement read through a cursor on the server, a thousand rows at a time: the file
shows one moment of the data, and memory stays flat however long the list is.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, QuerySet

BATCH = 1000


@dataclass(frozen=True)
class SheetColumn:
    """One column of a file.

    :param type: text, number, money, boolean, date, datetime or choice.
    :param read: returns the value of a row, None where there is none or it must not be seen.
    :param words: stored value → word in the reader's language, of a choice.
    """

    key: str
    label: Any
    type: str
    read: Callable[[Any], Any]
    words: Mapping[Any, Any] = field(default_factory=dict)


def in_order(rows: QuerySet[Any], order: str) -> QuerySet[Any]:
    """Sort rows by a path, with a minus for descending, as the pages of a list are sorted."""
    key = F(order.removeprefix("-"))
    if order.startswith("-"):
        return rows.order_by(key.desc(nulls_last=True), "-pk")
    return rows.order_by(key.asc(nulls_last=True), "pk")


@dataclass(frozen=True)
class Sheet:
    """A list about to be written: its columns in order, and the rows that fill them."""

    columns: Sequence[SheetColumn]
    queryset: QuerySet[Any]

    def count(self) -> int:
        """Return how many rows there are."""
        return self.queryset.order_by().count()

    def rows(self) -> Iterator[list[Any]]:
        """Yield the values of each row; call it inside a transaction."""
        readers = [column.read for column in self.columns]
        for row in self.queryset.iterator(chunk_size=BATCH):
            yield [read(row) for read in readers]
