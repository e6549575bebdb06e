"""Which day it is for the organisation: due dates and groups of tasks are counted in its zone."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings

from accounts.models import Organisation


def organisation_zone() -> ZoneInfo:
    """Return the organisation's time zone."""
    zone = Organisation.objects.values_list("time_zone", flat=True).first()
    return ZoneInfo(zone or settings.TIME_ZONE)


def organisation_day(at: dt.datetime) -> dt.date:
    """Return the calendar day of an instant in the organisation's zone."""
    return at.astimezone(organisation_zone()).date()
