"""What changes by itself as days go by.

Contracts begin, renew and end, segments follow (the shipped ones arrive by themselves), and
answers kept for repeats are let go.
"""

import datetime as dt
import logging

from django.db import transaction

from accounts.models import IdempotencyKey, Organisation, ScheduleSlot, Segment
from accounts.services.contract_figures import refresh_contract_figures
from accounts.services.dirty import mark_accounts_dirty
from accounts.services.segments import (
    InvalidSegment,
    install_starter_segments,
    refresh_memberships,
)
from config.lib.idempotency import KEPT
from config.lib.slots import daily_slot, take_slot

logger = logging.getLogger(__name__)

SLOT = "accounts.day"


@transaction.atomic
def begin_day(*, at: dt.datetime) -> int:
    """Once a day bring the contracts' figures and the segments in step; 0 when done already."""
    slot = daily_slot(at, zone=Organisation.objects.zone())
    if not take_slot(ScheduleSlot, key=SLOT, slot_at=slot):
        return 0
    IdempotencyKey.objects.filter(created_at__lte=at - KEPT).delete()
    changed = refresh_contract_figures(at=at)
    install_starter_segments(at=at)
    _refresh_segments(at=at)
    mark_accounts_dirty(account_ids=changed, reason="contract", at=at)
    return 1


def _refresh_segments(*, at: dt.datetime) -> None:
    for segment in Segment.objects.filter(archived_at=None).order_by("pk"):
        try:
            refresh_memberships(segments=[segment], at=at)
        except InvalidSegment:
            # A field it names is gone; the other segments must not wait until somebody mends it.
            logger.exception("nobody enters or leaves segment %s", segment.key)
