"""What a new day changes by itself: contracts begin, end and roll over; old keys are let go."""

import datetime as dt

from django.db import transaction

from accounts.models import IdempotencyKey, Organisation, ScheduleSlot
from accounts.services.contract_figures import refresh_contract_figures
from accounts.services.dirty import mark_accounts_dirty
from config.lib.idempotency import KEPT
from config.lib.slots import daily_slot, take_slot

SLOT = "accounts.day"


@transaction.atomic
def begin_day(*, at: dt.datetime) -> int:
    """Bring every account in step with the day, once a day; return 1 for who did it, else 0."""
    zone = Organisation.objects.zone()
    if not take_slot(ScheduleSlot, key=SLOT, slot_at=daily_slot(at, zone=zone)):
        return 0
    IdempotencyKey.objects.filter(created_at__lte=at - KEPT).delete()
    changed = refresh_contract_figures(at=at)
    mark_accounts_dirty(account_ids=changed, reason="day", at=at)
    return 1
