"""What playbooks know about every account: how much is open and how much is late."""

import datetime as dt

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.registry import Field, fields
from accounts.selectors import OrganisationDay
from playbooks.models import Task
from playbooks.querysets import TaskQuerySet


def _count(tasks: TaskQuerySet) -> Combinable:
    counted = tasks.filter(account=OuterRef("pk")).order_by().values("account")
    number = Subquery(counted.annotate(n=Count("pk")).values("n"), output_field=IntegerField())
    return Coalesce(number, 0)


def _open(at: dt.datetime) -> Combinable:
    return _count(Task.objects.unfinished())


def _overdue(at: dt.datetime) -> Combinable:
    return _count(Task.objects.overdue(today=OrganisationDay(at)))


fields.register("tasks.open")(
    Field("tasks.open", "number", _("Open tasks"), "playbooks", _open, now_only=True)
)
fields.register("tasks.overdue")(
    Field("tasks.overdue", "number", _("Overdue tasks"), "playbooks", _overdue, now_only=True)
)
