"""The agreements with all customers, each with the day by which it must be decided."""

import datetime as dt
from functools import partial
from typing import Any

from django.db.models import Case, CharField, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.choices import ApprovalState, ContractKind, Forecast, RecordKind
from accounts.domain.names import fold_for_search
from accounts.models import Contract
from accounts.querysets import account_called
from accounts.registry import ListColumn, ListFilter, RecordList, lists
from accounts.selectors import OrganisationDay
from accounts.selectors.account_filters import ACCOUNT_FILTERS
from accounts.selectors.contracts import lost_accounts, with_worth
from accounts.selectors.list_columns import MANAGER
from config.lib.addresses import row_address
from config.lib.folding import Folded

STATES = (
    ("ahead", _("Not begun")),
    ("in_force", _("In force")),
    ("leaving", _("Notice given")),
    ("ended", _("Ended")),
)


def _rows(*, user: Any, at: dt.datetime, archived: bool = False) -> QuerySet[Contract]:
    day = OrganisationDay(at)
    contracts = Contract.objects.visible_to(user).filter(archived_at__isnull=not archived)
    contracts = contracts.with_last_day()
    state = Case(
        When(starts_on__gt=day, then=Value("ahead")),
        When(is_lost=True, then=Value("ended")),
        When(last_day__lt=day, then=Value("ended")),
        When(notice_received_on__isnull=False, then=Value("leaving")),
        default=Value("in_force"),
        output_field=CharField(),
    )
    worth = with_worth(contracts.select_related("account"), at=at, lost=lost_accounts())
    return worth.annotate(state=state, shown_last_day=Coalesce("last_day", "ends_on"))


def _search(rows: QuerySet[Contract], text: str, *, user: Any) -> QuerySet[Contract]:
    rows = rows.annotate(folded=Folded("product"))
    for word in fold_for_search(text).split():
        called = account_called(word, user=user, kind=RecordKind.CONTRACT)
        rows = rows.filter(called) | rows.filter(folded__contains=word)
    return rows


lists.register("contracts")(
    RecordList(
        key="contracts",
        label=_("Contracts"),
        icon="file-text",
        kind=RecordKind.CONTRACT,
        rows=_rows,
        archived=partial(_rows, archived=True),
        search=_search,
        href=lambda row: row_address("accounts:contract_detail", row.pk),
        default_sort="decide_on",
        order=20,
        about=_("ARR and renewal dates come from contracts."),
        columns=(
            ListColumn("contract", _("Contract"), "text", "", sort_path="product"),
            ListColumn("account", _("Account"), "account", "account"),
            ListColumn("state", _("State"), "choice", "state", choices=STATES),
            ListColumn("arr", _("ARR"), "money", "arr_now"),
            ListColumn("decide_on", _("Decide renewal by"), "date", "decide_on"),
            ListColumn(
                "ends_on",
                _("Last day of the contract"),
                "date",
                "shown_last_day",
                is_secondary=True,
            ),
            ListColumn(
                "forecast",
                _("Renewal forecast"),
                "choice",
                "forecast",
                choices=Forecast.choices,
            ),
            ListColumn(
                "approval",
                _("Approval flow"),
                "choice",
                "approval_state",
                choices=ApprovalState.choices,
                is_secondary=True,
            ),
            ListColumn("starts_on", _("First day"), "date", "starts_on", is_default=False),
            ListColumn("seats", _("Licensed users"), "number", "seats_now", is_default=False),
            ListColumn(
                "kind",
                _("Kind"),
                "choice",
                "kind",
                choices=ContractKind.choices,
                is_default=False,
            ),
            ListColumn("currency", _("Currency"), "text", "currency", is_default=False),
            ListColumn(
                "auto_renews", _("Renews by itself"), "boolean", "auto_renews", is_default=False
            ),
            ListColumn(
                "notice_received_on",
                _("Cancellation notice"),
                "date",
                "notice_received_on",
                is_default=False,
            ),
            ListColumn(
                "payment_terms",
                _("Payment terms"),
                "text",
                "payment_words",
                is_sortable=False,
                is_default=False,
            ),
            ListColumn(
                "product",
                _("Product"),
                "text",
                "product",
                is_default=False,
            ),
            ListColumn(
                "notice_months",
                _("Notice period in months"),
                "number",
                "notice_months",
                is_default=False,
            ),
            ListColumn(
                "is_public_yearly",
                _("Yearly public contract"),
                "boolean",
                "is_public_yearly",
                is_default=False,
            ),
            MANAGER,
            ListColumn("external_id", _("Own-system id"), "text", "external_id", is_default=False),
        ),
        filters=(
            ListFilter("state", _("State"), "choice", "state", choices=STATES),
            ListFilter(
                "forecast", _("Renewal forecast"), "choice", "forecast", choices=Forecast.choices
            ),
            ListFilter(
                "approval",
                _("Approval flow"),
                "choice",
                "approval_state",
                choices=ApprovalState.choices,
            ),
            ListFilter("decide_on", _("Decide renewal by"), "date", "decide_on"),
            ListFilter("ends_on", _("Last day of the contract"), "date", "shown_last_day"),
            ListFilter("public", _("Yearly public contract"), "boolean", "is_public_yearly"),
            *ACCOUNT_FILTERS,
        ),
    )
)
