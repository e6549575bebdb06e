"""When we last talked, and what both sides still owe each other, on the account page."""

import datetime as dt
from typing import Any

from django.db.models import F, Max, Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import Direction, RecordKind
from accounts.models import Account, Touchpoint, TouchpointTodo
from accounts.querysets import reach_of
from accounts.registry import panels

SHOWN = 8


class TodosPanel:
    """Last talk in each direction, open to-dos of both sides, the reader's drafts."""

    key = "todos"
    title = _("Talks and promises")
    column = "side"
    order = 15
    template = "accounts/panels/todos.html"

    def context(self, *, account: Account, user: Any, at: dt.datetime) -> dict[str, Any] | None:
        """Return instants by direction and to-dos by due date; None for who sees no talks."""
        if not reach_of(user).covers(account, RecordKind.TOUCHPOINT):
            return None
        here = Q(account=account) | Q(account__merged_into=account)
        talks = Touchpoint.objects.visible_to(user).filter(here, retracted_at__isnull=True)
        last = talks.standing().aggregate(
            **{
                way: Max("occurred_at", filter=Q(direction=way, occurred_at__lte=at))
                for way in (Direction.TWO_WAY, Direction.INBOUND, Direction.OUTBOUND)
            }
        )
        todos = TouchpointTodo.objects.visible_to(user).open()
        owed = todos.filter(
            Q(touchpoint__account=account) | Q(touchpoint__account__merged_into=account)
        ).select_related("user", "contact")
        drafts = talks.filter(is_draft=True, created_by=user).order_by("-occurred_at", "-pk")
        return {
            "last": last,
            "todos": owed.order_by(F("due_on").asc(nulls_last=True), "pk")[:SHOWN],
            "drafts": drafts[:SHOWN],
        }


panels.register("todos")(TodosPanel())
