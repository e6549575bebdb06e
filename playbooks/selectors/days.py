"""Which day it is for the organisation, for many instants at once."""

from zoneinfo import ZoneInfo

from django.conf import settings

from accounts.models import Organisation


def organisation_zone() -> ZoneInfo:
    """Return the organisation's time zone."""
    zone = Organisation.objects.values_list("time_zone", flat=True).first()
    return ZoneInfo(zone or settings.TIME_ZONE)
