"""What all customers asked."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import RecordKind, TicketSeverity, TicketState
from accounts.domain.names import fold_for_search
from accounts.models import Ticket
from accounts.querysets import account_called
from accounts.registry import ListColumn, ListFilter, RecordList, lists
from accounts.selectors.account_filters import ACCOUNT_FILTERS
from accounts.selectors.list_columns import MANAGER
from accounts.selectors.service import with_urgency
from config.lib.addresses import row_address
from config.lib.folding import Folded


def _rows(*, user: Any, at: dt.datetime) -> QuerySet[Ticket]:
    tickets = Ticket.objects.visible_to(user).standing().select_related("account", "contact")
    return with_urgency(tickets)


def _search(rows: QuerySet[Ticket], text: str, *, user: Any) -> QuerySet[Ticket]:
    rows = rows.annotate(folded=Folded("subject"))
    for word in fold_for_search(text).split():
        called = account_called(word, user=user, kind=RecordKind.TICKET)
        rows = rows.filter(folded__contains=word) | rows.filter(called)
    return rows


lists.register("tickets")(
    RecordList(
        key="tickets",
        label=_("Tickets"),
        icon="ticket",
        kind=RecordKind.TICKET,
        rows=_rows,
        search=_search,
        href=lambda row: row_address("accounts:ticket_detail", row.pk),
        default_sort="-opened_at",
        order=40,
        about=_("Tickets come in by file or API, or are noted on the page of an account."),
        columns=(
            ListColumn("ticket", _("Subject"), "text", "", sort_path="subject"),
            ListColumn("account", _("Account"), "account", "account"),
            ListColumn(
                "severity",
                _("Severity"),
                "choice",
                "severity",
                choices=TicketSeverity.choices,
                sort_path="urgency",
            ),
            ListColumn("state", _("State"), "choice", "state", choices=TicketState.choices),
            ListColumn("opened_at", _("Opened"), "moment", "opened_at"),
            ListColumn(
                "resolved_at",
                pgettext_lazy("when", "Resolved"),
                "moment",
                "resolved_at",
                is_secondary=True,
            ),
            ListColumn(
                "contact",
                _("Asked by"),
                "text",
                "contact",
                sort_path="contact__family_kana",
                kind=RecordKind.CONTACT,
                is_default=False,
            ),
            ListColumn("csat", _("CSAT"), "number", "csat", is_default=False),
            ListColumn("external_id", _("Own-system id"), "text", "external_id", is_default=False),
            MANAGER,
        ),
        filters=(
            ListFilter("state", _("State"), "choice", "state", choices=TicketState.choices),
            ListFilter(
                "severity", _("Severity"), "choice", "severity", choices=TicketSeverity.choices
            ),
            ListFilter("opened_at", _("Opened"), "datetime", "opened_at"),
            ListFilter("resolved_at", pgettext_lazy("when", "Resolved"), "datetime", "resolved_at"),
            *ACCOUNT_FILTERS,
        ),
    )
)
