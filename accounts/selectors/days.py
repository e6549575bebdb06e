"""Today where the organisation is, inside a statement."""

import datetime as dt

from django.conf import settings
from django.db.models import CharField, DateField, DateTimeField, Func, Value


class _Here(Func):
    """The zone of the organisation; plain SQL, for a page asks for it in a dozen places."""

    template = "COALESCE((SELECT time_zone FROM accounts_organisation LIMIT 1), %(expressions)s)"
    output_field = CharField()

    def __init__(self) -> None:
        super().__init__(Value(settings.TIME_ZONE))


class OrganisationDay(Func):
    """The day it is at an instant where the organisation is, to compare with in one statement.

    A subquery of its own is reckoned once; the expression alone would be for every row.
    """

    template = "(SELECT (%(expressions)s)::date)"
    arg_joiner = " AT TIME ZONE "
    output_field = DateField()

    def __init__(self, at: dt.datetime) -> None:
        super().__init__(Value(at, output_field=DateTimeField()), _Here())
