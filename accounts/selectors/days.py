"""Today where the organisation is, inside a statement."""

import datetime as dt

from django.conf import settings
from django.db.models import DateField, DateTimeField, Func, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import Organisation


class OrganisationDay(Func):
    """The day it is at an instant where the organisation is, to compare with in one statement."""

    template = "(%(expressions)s)::date"
    arg_joiner = " AT TIME ZONE "
    output_field = DateField()

    def __init__(self, at: dt.datetime) -> None:
        zone = Subquery(Organisation.objects.values("time_zone")[:1])
        here = Coalesce(zone, Value(settings.TIME_ZONE))
        super().__init__(Value(at, output_field=DateTimeField()), here)
