"""By how many business days the oldest unpaid invoice of an account is late."""

import datetime as dt
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import DateField, Func, IntegerField, OuterRef, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from accounts.models import Invoice
from accounts.registry import Field, fields
from accounts.selectors.service import place

#: An invoice that is due for longer counts as late for the business days within these.
LONGEST = dt.timedelta(days=3 * 366)
ONE_DAY = dt.timedelta(days=1)


def _days_late(at: dt.datetime) -> Combinable:
    """Count business days from the due day to the day before today; None where nothing is late.

    `accounts.selectors.service.lateness_of` says the same of one invoice.
    """
    here = place()
    today = here.day_of(at)
    days = (today - LONGEST + n * ONE_DAY for n in range(LONGEST.days))
    after = [day + ONE_DAY for day in days if here.calendar.is_workday(day)]
    late: Any = Invoice.objects.late(on=today).filter(account=OuterRef("pk"))
    passed = Func(
        Subquery(late.order_by("due_on").values("due_on")[:1]),
        Cast(Value(f"{{{','.join(map(str, after))}}}"), ArrayField(DateField())),
        function="width_bucket",
        output_field=IntegerField(),
    )
    return Value(len(after)) - passed


fields.register("invoices.days_late")(
    Field(
        "invoices.days_late",
        "number",
        _("Oldest late invoice, business days"),
        "accounts",
        _days_late,
        now_only=True,
        in_rest=False,
    )
)
