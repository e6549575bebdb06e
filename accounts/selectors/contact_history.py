"""Which states a contact went through, read from the history of the record."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from accounts.domain.contact_states import StateChange
from accounts.models import Contact


def states_of(contacts: Iterable[Contact], zone: dt.tzinfo) -> dict[int, list[StateChange]]:
    """Return what was written of everybody's state, oldest first, by contact id."""
    people = {contact.pk: contact for contact in contacts}
    written: dict[int, list[StateChange]] = defaultdict(list)
    events: Any = Contact.pgh_event_model  # type: ignore[attr-defined]
    lines = events.objects.filter(pgh_obj__in=list(people)).order_by("pgh_id")
    for pk, at, state, on in lines.values_list("pgh_obj", "pgh_created_at", "state", "state_on"):
        written[pk].append(StateChange(at.astimezone(zone).date(), state, on))
    for pk, contact in people.items():
        if not written[pk]:
            since = contact.created_at.astimezone(zone).date()
            written[pk] = [StateChange(since, contact.state, contact.state_on)]
    return written
