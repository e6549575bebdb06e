"""When we last heard from each other: from them, to them, both ways kept apart; open promises."""

import datetime as dt
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    IntegerField,
    Max,
    OuterRef,
    Subquery,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext_lazy as _

from accounts.choices import Direction, RecordKind, Signal
from accounts.models import Touchpoint, TouchpointSignal, TouchpointTodo
from accounts.registry import Field, fields


def _last(direction: str) -> Any:
    def expression(at: dt.datetime) -> Combinable:
        talks = Touchpoint.objects.standing().filter(direction=direction, occurred_at__lte=at)
        own, merged = (
            Subquery(
                talks.filter(**{path: OuterRef("pk")})
                .order_by()
                .values(path)
                .annotate(last=Max("occurred_at"))
                .values("last")
            )
            for path in ("account", "account__merged_into")
        )
        return Greatest(own, merged)  # the greater of those there are

    return expression


def _open_todos(at: dt.datetime) -> Combinable:
    todos = TouchpointTodo.objects.open().order_by()
    own, merged = (
        Subquery(
            todos.filter(**{path: OuterRef("pk")}).values(path).annotate(n=Count("pk")).values("n"),
            output_field=IntegerField(),
        )
        for path in ("touchpoint__account", "touchpoint__account__merged_into")
    )
    return Coalesce(own, 0) + Coalesce(merged, 0)


def _reference(at: dt.datetime) -> Combinable:
    """Say whether the customer ever agreed in a talk to be a reference."""
    agreed = TouchpointSignal.objects.filter(
        signal=Signal.REFERENCE,
        touchpoint__occurred_at__lte=at,
        touchpoint__in=Touchpoint.objects.standing().values("pk"),
    )
    own = agreed.filter(touchpoint__account=OuterRef("pk"))
    merged = agreed.filter(touchpoint__account__merged_into=OuterRef("pk"))
    return ExpressionWrapper(Exists(own) | Exists(merged), BooleanField())


for key, direction, label in (
    ("last_inbound_at", Direction.INBOUND, _("Last heard from them")),
    ("last_outbound_at", Direction.OUTBOUND, _("Last sent to them")),
):
    fields.register(key)(
        Field(
            key,
            "datetime",
            label,
            "accounts",
            _last(direction),
            template="ago",
            is_sortable=False,
            told_by=RecordKind.TOUCHPOINT,
        )
    )
fields.register("touchpoint.open_todos")(
    Field(
        "touchpoint.open_todos",
        "number",
        _("Open to-dos"),
        "accounts",
        _open_todos,
        is_sortable=False,
        now_only=True,
    )
)
fields.register("touchpoint.reference")(
    Field(
        "touchpoint.reference",
        "boolean",
        _("Reference agreed"),
        "accounts",
        _reference,
        is_sortable=False,
        in_rest=False,
    )
)
