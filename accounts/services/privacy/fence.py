"""An erasure and what is written meanwhile: whichever ends last knows of the other.

A file is made from what stood there when it was begun. So an erasure holds a lock while it looks
for files and blanks rows; a file is put on record under the same lock, shared, and not at all
where somebody was erased since it was begun. Who takes up people by themselves, as ingestion does,
holds it shared while they ask who was erased and write.
"""

import datetime as dt

from django.db import connection
from django.db.models import Max

from accounts.models import Erasure

_KEY = "hashtext('yorisoi.erasure')"


class ErasedMeanwhile(Exception):
    """Somebody was erased while a file was made; it is to be made anew."""


def hold_erasures() -> None:
    """Let no file be put on record until this transaction ends, and wait for those that are."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({_KEY})")


def keep_erasures_out() -> None:
    """Wait for an erasure that is under way, and let none begin until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock_shared({_KEY})")


def last_erasure() -> dt.datetime | None:
    """Return when somebody was erased last."""
    last: dt.datetime | None = Erasure.objects.aggregate(last=Max("applied_at"))["last"]
    return last


def check_nobody_erased(*, since: dt.datetime | None) -> None:
    """Refuse to put a file on record that may hold somebody who is no longer known.

    :param since: what `last_erasure` said before the file was begun.
    :raises ErasedMeanwhile: when there was another erasure.
    """
    keep_erasures_out()
    if last_erasure() != since:
        raise ErasedMeanwhile
