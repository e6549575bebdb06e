"""How many tickets of an account are open; seen by whoever may see tickets."""

import datetime as dt
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import Ticket
from accounts.registry import Field, fields


def _open(at: dt.datetime) -> Combinable:
    tickets: Any = Ticket.objects.filter(
        account=OuterRef("pk"), opened_at__lte=at, retracted_at__isnull=True
    )
    waiting = tickets.filter(Q(resolved_at__isnull=True) | Q(resolved_at__gt=at)).order_by()
    counted = waiting.values("account").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


fields.register("tickets.open")(
    Field("tickets.open", "number", _("Open tickets"), "accounts", _open, now_only=True)
)
