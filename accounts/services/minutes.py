"""Templates for minutes: writing one's own, changing a shipped one, going back to the original."""

import datetime as dt
import secrets
from typing import Any

from django.utils.text import slugify

from accounts.models import MinutesTemplate, Organisation, User
from accounts.selectors.touchpoint_types import find_type, touchpoint_types
from accounts.services.authors import written_by
from accounts.services.conflicts import apply_changes, check_columns
from accounts.services.touchpoint_types import UnknownTouchpointType

PLAIN = {"type", "name", "purpose", "body", "decisions", "is_hidden"}


def write_minutes_template(
    *, key: str = "", at: dt.datetime, by: User | None = None, **fields: Any
) -> MinutesTemplate:
    """Store a template under its key, a new one without; a shipped one is stood in for.

    :raises UnknownTouchpointType: for a type that is none of the organisation's, nor shipped.
    """
    with written_by(by):
        Organisation.objects.take_turn()
        row = MinutesTemplate.objects.filter(key=key).first()
        row = row or MinutesTemplate(key=key or _new_key(str(fields["name"])))
        apply_changes(row, fields, allowed=PLAIN)
        check_columns(row)
        if find_type(row.type, among=touchpoint_types()) is None:
            raise UnknownTouchpointType
        row.save()
    return row


def drop_minutes_template(*, key: str, at: dt.datetime, by: User | None = None) -> None:
    """Remove what the team wrote; of a shipped template the original shows again."""
    with written_by(by):
        MinutesTemplate.objects.filter(key=key).delete()


def _new_key(name: str) -> str:
    return f"{slugify(name)[:30] or 'minutes'}-{secrets.token_hex(3)}"
