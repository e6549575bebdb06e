"""Saying that two look-alikes are two, and taking that back."""

import datetime as dt

from django.db import transaction

from accounts.choices import MergeKind
from accounts.models import DuplicateDismissal, User
from accounts.services.merges.records import MergeOfOne


@transaction.atomic
def dismiss_duplicate(
    *, kind: MergeKind | str, one: int, other: int, at: dt.datetime, by: User | None = None
) -> DuplicateDismissal:
    """Note that two records are two, whichever is named first; twice is once.

    :raises MergeOfOne: for one record twice.
    """
    if one == other:
        raise MergeOfOne
    low, high = sorted((one, other))
    dismissal, _made = DuplicateDismissal.objects.get_or_create(
        kind=MergeKind(kind),
        low_id=low,
        high_id=high,
        defaults={"dismissed_at": at, "dismissed_by": by},
    )
    return dismissal


def recall_dismissal(*, kind: MergeKind | str, one: int, other: int) -> None:
    """Show the pair again."""
    low, high = sorted((one, other))
    DuplicateDismissal.objects.filter(kind=MergeKind(kind), low_id=low, high_id=high).delete()
