"""Work off rows in batches: one transaction each, and a poison row never holds up the good ones."""

import logging
from collections.abc import Callable, Sequence
from typing import TypeVar

from django.db import models, transaction

logger = logging.getLogger(__name__)

BATCH = 500

RowT = TypeVar("RowT", bound=models.Model)


def work_off(claim: Callable[[set[int]], list[RowT]], act: Callable[[Sequence[RowT]], None]) -> int:
    """Claim and act on batch after batch until nothing is left; return how many rows were done.

    `claim` locks up to BATCH rows, leaving out the keys it is given; `act` does the effect and
    marks the rows, all in the transaction of the batch. A batch that fails is done row by row; a
    row that fails is logged, stays due, and is tried again by the next sweep.
    """
    done, failed = 0, set[int]()
    while True:
        with transaction.atomic():
            rows = claim(failed)
            if not rows:
                return done
            broken = _act_in_one_go_or_singly(rows, act)
        failed |= broken
        done += len(rows) - len(broken)


def _act_in_one_go_or_singly(rows: list[RowT], act: Callable[[Sequence[RowT]], None]) -> set[int]:
    if _acts(rows, act):
        return set()
    return {row.pk for row in rows if not _acts([row], act)}


def _acts(rows: list[RowT], act: Callable[[Sequence[RowT]], None]) -> bool:
    try:
        with transaction.atomic():
            act(rows)
    except Exception:
        # Whatever it was, the other rows of the batch must not wait for it.
        logger.exception("%s: %d rows not done", rows[0]._meta.label, len(rows))
        return False
    return True
