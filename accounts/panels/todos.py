"""What both sides still owe each other, and talks begun to be written, on the account page."""

import datetime as dt
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import RecordKind
from accounts.models import Account, Touchpoint, TouchpointTodo
from accounts.querysets import reach_of
from accounts.registry import panels

SHOWN = 8


class TodosPanel:
    """Open to-dos of both sides and the reader's own drafts."""

    key = "todos"
    title = _("To-dos")
    column = "side"
    order = 16
    template = "accounts/panels/todos.html"

    def context(self, *, account: Account, user: Any, at: dt.datetime) -> dict[str, Any] | None:
        """Return to-dos by due date and drafts; None without any, and for who sees no talks."""
        if not reach_of(user).covers(account, RecordKind.TOUCHPOINT):
            return None
        here = Q(account=account) | Q(account__merged_into=account)
        talks = Touchpoint.objects.visible_to(user).filter(here, retracted_at__isnull=True)
        todos = TouchpointTodo.objects.visible_to(user).open()
        owed = todos.filter(
            Q(touchpoint__account=account) | Q(touchpoint__account__merged_into=account)
        ).select_related("user", "contact")
        drafts = talks.filter(is_draft=True, created_by=user).order_by("-occurred_at", "-pk")
        context = {
            "todos": list(owed.order_by(F("due_on").asc(nulls_last=True), "pk")[:SHOWN]),
            "drafts": list(drafts[:SHOWN]),
        }
        return context if any(context.values()) else None


panels.register("todos")(TodosPanel())
