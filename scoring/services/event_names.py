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
from scoring.services.event_series import MONTHS_OF, keep_counting_off

CHANGEABLE = ("meaning", "is_key_feature", "counts_users", "summed_property")
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
        keep_counting_off()
        row: EventName = EventName.objects.select_for_update(no_key=True).get(pk=event.pk)
        changed = [
            key for key in CHANGEABLE if changes.get(key, getattr(row, key)) != getattr(row, key)
        ]
        for key in changed:
            setattr(row, key, changes[key])
        row.full_clean()
        row.save(update_fields=CHANGEABLE)
        if "counts_users" in changed and row.counts_users:
            zone = str(Organisation.objects.zone())
            values: dict[str, Any] = {"name": row.pk, "zone": zone, "that_day": KNOWN_THAT_DAY}
            cursor.execute(_MONTHS, values)
        if changed:
            mark_everybody(at)
    return row
