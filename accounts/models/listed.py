"""Indexes in the order of lists: each column people sort by, walked from either end.

A page of a list reads the rows it shows and no other, however long the list. Rows without a value
are a sequence of their own (`config.lib.pagination`), so one plain index serves both directions.
What a list leaves out, archived or retracted rows, is not in the index either. The account of a row
is: which accounts a reader sees is found without touching the table.
"""

from django.db.models import Index, Q

KEPT, STANDING = Q(archived_at__isnull=True), Q(retracted_at__isnull=True)


def in_order_of(name: str, *columns: str, where: Q) -> list[Index]:
    """Return an index in the order of each column."""
    return [
        Index(
            fields=[column, "id"], include=["account"], condition=where, name=f"{name}_by_{column}"
        )
        for column in columns
    ]
