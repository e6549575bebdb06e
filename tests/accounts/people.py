"""What becomes of people at the customer."""

import datetime as dt
from typing import Any

from accounts.models import Contact
from accounts.services.contacts import update_contact


def change_contact_state(
    *, contact: Contact, state: str, at: dt.datetime, on: dt.date | None = None, **changes: Any
) -> Contact:
    return update_contact(contact=contact, changes={"state": state, **changes}, on=on, at=at)
