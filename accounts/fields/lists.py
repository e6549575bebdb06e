"""On which lists put together by hand an account stands: for rules of segments."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.db.models.expressions import Combinable
from django.utils.translation import pgettext_lazy

from accounts.models import ListMember
from accounts.registry import Field, fields


def _lists(at: dt.datetime) -> Combinable:
    members = ListMember.objects.filter(account=OuterRef("pk")).order_by("list")
    listed: Any = ArraySubquery(members.values("list"))
    return listed  # type: ignore[no-any-return]


def _listed(values: Sequence[Any]) -> Q:
    members = ListMember.objects.filter(list__in=values)
    return Q(pk__in=members.order_by().values("account"))


fields.register("lists")(
    Field(
        "lists",
        "set",
        pgettext_lazy("of accounts", "List"),
        "accounts",
        _lists,
        now_only=True,
        is_sortable=False,
        is_column=False,
        having=_listed,
    )
)
