"""How long each kind of data is kept, and letting go of what is older, a batch at a time."""

import datetime as dt
import logging
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, RetentionRule, ScheduleSlot, User
from accounts.querysets import may_answer_for_privacy
from accounts.registry import Retention, retentions
from accounts.services.authors import written_by
from config.lib.problems import FieldError, Problem
from config.lib.slots import periodic_slot, take_slot

logger = logging.getLogger(__name__)

SLOT = "accounts.retention"
EVERY = dt.timedelta(minutes=10)
#: Rows of one kind a slot: 1.4 million a day, in transactions of a second.
BATCH = 10_000
LONGEST = 36_500


class RetentionNotAllowed(Problem):
    """Only administrators and privacy officers decide it."""

    status = 403
    code = "retention_not_allowed"
    title = _("Only administrators and privacy officers may do this.")


class BadRetention(Problem):
    """A number of days this kind of data can't be kept for."""

    code = "bad_retention"
    title = _("Data can't be kept that long or that short.")


@dataclass(frozen=True)
class Kept:
    """A kind of data and for how many days it is kept; None is for ever."""

    retention: Retention
    days: int | None


def kept_for() -> list[Kept]:
    """Return how long every kind of data is kept, in order of the keys."""
    chosen = dict(RetentionRule.objects.values_list("key", "days"))
    organisation = Organisation.objects.first() or Organisation()
    return [
        Kept(
            one,
            getattr(organisation, one.setting) if one.setting else chosen.get(key, one.days),
        )
        for key, one in retentions.items()
    ]


def set_retention(*, days: Mapping[str, int | None], by: User | None) -> None:
    """Decide for how many days each kind is kept; what stays as it is leaves no history.

    :raises RetentionNotAllowed: for who does not answer for privacy.
    :raises BadRetention: for fewer days than the kind allows, naming it.
    """
    if by is not None and not may_answer_for_privacy(by):
        raise RetentionNotAllowed
    with written_by(by):
        held = {kept.retention.key: kept.days for kept in kept_for()}
        for key, value in days.items():
            _refuse_odd(retentions.get(key), value)
            if value != held[key]:
                _set(retentions.get(key), value)


def _refuse_odd(retention: Retention, days: int | None) -> None:
    is_missing = days is None and bool(retention.setting)
    if (
        is_missing
        or retention.is_promised
        or (days is not None and not retention.at_least <= days <= LONGEST)
    ):
        detail = _("Give a whole number of days from %(least)s to %(most)s.") % {
            "least": retention.at_least,
            "most": LONGEST,
        }
        raise BadRetention(errors=[FieldError(f"/{retention.key}", detail)])


def _set(retention: Retention, days: int | None) -> None:
    if retention.setting:
        Organisation.objects.update(**{retention.setting: days})
    else:
        RetentionRule.objects.update_or_create(key=retention.key, defaults={"days": days})


@transaction.atomic
def purge_expired(*, at: dt.datetime) -> int:
    """Once a slot let go of a batch of every kind; return how many rows went."""
    if not take_slot(ScheduleSlot, key=SLOT, slot_at=periodic_slot(at, every=EVERY)):
        return 0
    total = 0
    for kept in kept_for():
        if kept.days is not None:
            gone = kept.retention.purge(at - dt.timedelta(days=kept.days), BATCH)
            if gone:
                logger.info("retention: %s rows of %s", gone, kept.retention.key)
            total += gone
    return total
