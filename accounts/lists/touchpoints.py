"""What was said at all customers."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.choices import Direction, RecordKind, Sentiment, Visibility
from accounts.models import Touchpoint, User
from accounts.querysets import by_user
from accounts.registry import ListColumn, ListFilter, RecordList, lists
from accounts.selectors.list_columns import MANAGER, joined, related
from accounts.selectors.touchpoint_types import type_choices
from config.lib.addresses import row_address


def _rows(*, user: Any, at: dt.datetime) -> QuerySet[Touchpoint]:
    talks = Touchpoint.objects.visible_to(user).filter(retracted_at__isnull=True)
    rows: QuerySet[Touchpoint] = talks.select_related("account", "created_by")
    return rows


def _colleagues() -> list[tuple[Any, Any]]:
    users = User.objects.filter(is_active=True).order_by(*by_user())
    return [(user.pk, str(user)) for user in users]


def _text_column(key: str, label: Any) -> ListColumn:
    """Show the beginning of a text of talks to who may read it; a file holds it whole."""
    return ListColumn(
        key,
        label,
        "text",
        key,
        template="accounts/cells/beginning.html",
        kind=RecordKind.TOUCHPOINT_BODY,
        is_sortable=False,
        is_default=False,
    )


def _joined_column(key: str, label: Any, *, kind: str = "") -> ListColumn:
    """Show all of what belongs to a talk in one cell."""
    return ListColumn(
        key,
        label,
        "text",
        "",
        kind=kind,
        prepare=related(key),
        read=lambda row: joined(getattr(row, key).all()),
        is_sortable=False,
        is_default=False,
    )


lists.register("touchpoints")(
    RecordList(
        key="touchpoints",
        label=_("Touchpoints"),
        icon="message-circle",
        kind=RecordKind.TOUCHPOINT,
        rows=_rows,
        search=lambda rows, text, user: rows.search(text, user=user),
        href=lambda row: row_address("accounts:touchpoint_detail", row.pk),
        default_sort="-occurred_at",
        order=30,
        about=_("Touchpoints are what was said between the customer's people and ours."),
        new_url="accounts:touchpoint_new",
        new_label=_("Log a touchpoint"),
        columns=(
            ListColumn(
                "subject",
                _("Subject"),
                "text",
                "",
                template="accounts/cells/talk.html",
                is_sortable=False,
            ),
            ListColumn("account", _("Account"), "account", "account"),
            ListColumn(
                "type", _("Type"), "choice", "type", choices=type_choices, is_sortable=False
            ),
            ListColumn("occurred_at", _("When"), "moment", "occurred_at"),
            ListColumn(
                "direction",
                _("Direction"),
                "choice",
                "direction",
                choices=Direction.choices,
                is_sortable=False,
            ),
            ListColumn(
                "created_by",
                _("Logged by"),
                "person",
                "created_by",
                is_secondary=True,
                is_sortable=False,
            ),
            ListColumn(
                "duration_minutes",
                _("Minutes"),
                "number",
                "duration_minutes",
                is_default=False,
                is_sortable=False,
            ),
            ListColumn(
                "sentiment",
                _("Sentiment"),
                "choice",
                "sentiment",
                choices=Sentiment.choices,
                is_default=False,
                is_sortable=False,
            ),
            ListColumn(
                "next_on", _("Next date"), "date", "next_on", is_default=False, is_sortable=False
            ),
            ListColumn(
                "visibility",
                _("Visible to"),
                "choice",
                "visibility",
                choices=Visibility.choices,
                is_default=False,
                is_sortable=False,
            ),
            ListColumn(
                "is_draft", _("Draft"), "boolean", "is_draft", is_default=False, is_sortable=False
            ),
            _text_column("purpose", _("Purpose")),
            _text_column("body", _("Text")),
            _text_column("decisions", _("Decisions")),
            _joined_column("contacts", _("Their people"), kind=RecordKind.CONTACT),
            _joined_column("users", _("Our people")),
            _joined_column("signals", _("Signals")),
            _joined_column("todos", _("To-dos"), kind=RecordKind.TOUCHPOINT_BODY),
            MANAGER,
            ListColumn(
                "external_id",
                _("Own-system id"),
                "text",
                "external_id",
                is_default=False,
                is_sortable=False,
            ),
        ),
        filters=(
            ListFilter("type", _("Type"), "choice", "type", choices=type_choices),
            ListFilter(
                "direction", _("Direction"), "choice", "direction", choices=Direction.choices
            ),
            ListFilter(
                "created_by", _("Logged by"), "choice", "created_by_id", choices=_colleagues
            ),
            ListFilter("is_draft", _("Draft"), "boolean", "is_draft"),
            ListFilter("occurred_at", _("When"), "datetime", "occurred_at"),
            ListFilter(
                "visibility", _("Visible to"), "choice", "visibility", choices=Visibility.choices
            ),
        ),
    )
)
