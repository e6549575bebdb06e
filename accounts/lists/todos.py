"""What both sides promised in talks."""

import datetime as dt
from typing import Any

from django.db.models import BooleanField, Case, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import RecordKind, Side
from accounts.domain.names import fold_for_search
from accounts.models import TouchpointTodo
from accounts.registry import ListColumn, ListFilter, RecordList, lists
from accounts.selectors.account_filters import colleagues
from config.lib.addresses import row_address
from config.lib.folding import Folded


def _rows(*, user: Any, at: dt.datetime) -> QuerySet[TouchpointTodo]:
    """Annotate whether a to-do is done and whether it is the reader's own."""
    todos = TouchpointTodo.objects.standing_for(user).once_a_talk(user)
    rows: QuerySet[TouchpointTodo] = todos.select_related(
        "touchpoint__account", "user", "contact"
    ).annotate(is_done=_says(done_on__isnull=False), is_mine=_says(user=user.pk))
    return rows


def _says(**condition: Any) -> Case:
    return Case(
        When(**condition, then=Value(True)), default=Value(False), output_field=BooleanField()
    )


def _search(rows: QuerySet[TouchpointTodo], text: str, *, user: Any) -> QuerySet[TouchpointTodo]:
    rows = rows.annotate(folded=Folded("text"))
    for word in fold_for_search(text).split():
        rows = rows.filter(folded__contains=word)
    return rows


lists.register("todos")(
    RecordList(
        key="todos",
        label=_("To-dos"),
        icon="checklist",
        kind=RecordKind.TOUCHPOINT,
        rows=_rows,
        search=_search,
        href=lambda row: row_address("accounts:touchpoint_detail", row.touchpoint_id),
        default_sort="due_on",
        order=35,
        about=_("To-dos are what one side promised the other in a talk."),
        columns=(
            ListColumn("text", _("To do"), "text", "text", is_sortable=False),
            ListColumn(
                "account", _("Account"), "account", "touchpoint__account", is_sortable=False
            ),
            ListColumn(
                "side", _("Side"), "choice", "side", choices=Side.choices, is_sortable=False
            ),
            ListColumn("user", _("Our person"), "person", "user", is_sortable=False),
            ListColumn(
                "contact",
                _("Their person"),
                "person",
                "contact",
                kind=RecordKind.CONTACT,
                is_sortable=False,
            ),
            ListColumn("due_on", _("Due"), "date", "due_on"),
            ListColumn("done_on", pgettext_lazy("to-do", "Done on"), "date", "done_on"),
        ),
        filters=(
            ListFilter("is_mine", _("Mine"), "boolean", "is_mine"),
            ListFilter("is_done", pgettext_lazy("to-do", "Done"), "boolean", "is_done"),
            ListFilter("side", _("Side"), "choice", "side", choices=Side.choices),
            ListFilter("user", _("Our person"), "choice", "user_id", choices=colleagues),
            ListFilter("due_on", _("Due"), "date", "due_on"),
        ),
    )
)
