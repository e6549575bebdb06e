"""What the events of our product mean: so measures need not know what a product calls a sign-in."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import connection

from accounts.models import Organisation, User
from accounts.services.authors import written_by
from scoring.models import EventName
from scoring.models.usage import KNOWN_THAT_DAY
from scoring.services.custom_metrics import mark_everybody
from scoring.services.event_series import MONTHS_OF

CHANGEABLE = ("meaning", "is_key_feature", "counts_users", "summed_property")
#: Workers read the names in the statement that adds events up: who is ahead has committed then.
_LOCK = "LOCK TABLE scoring_eventname IN ACCESS EXCLUSIVE MODE"
_MONTHS = MONTHS_OF.replace("{series}", "e.name_id").replace(
    "{events}", "scoring_event e WHERE e.name_id = %(name)s"
)


def give_meaning(
    *, event: EventName, changes: Mapping[str, Any], by: User | None, at: dt.datetime
) -> EventName:
    """Say what an event of the product means, and how it is counted; every score is read anew.

    Users are counted from the oldest event that is still kept; a property is summed from now on.

    :param changes: any of `CHANGEABLE`.
    :raises ValidationError: naming the field for a meaning that does not exist.
    """
    with written_by(by), connection.cursor() as cursor:
        cursor.execute(_LOCK)
        row: EventName = EventName.objects.get(pk=event.pk)
        counted = row.counts_users
        before = _judged(row)
        for name in CHANGEABLE:
            setattr(row, name, changes.get(name, getattr(row, name)))
        row.full_clean()
        row.save(update_fields=CHANGEABLE)
        if row.counts_users and not counted:
            zone = str(Organisation.objects.zone())
            values: dict[str, Any] = {"name": row.pk, "zone": zone, "that_day": KNOWN_THAT_DAY}
            cursor.execute(_MONTHS, values)
        if _judged(row) != before:
            mark_everybody(at)
    return row


def _judged(row: EventName) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in CHANGEABLE)
