"""What all customers were asked to pay, and what of it came in."""

import datetime as dt
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.choices import RecordKind
from accounts.domain.names import fold_for_search
from accounts.models import Invoice
from accounts.querysets import account_called
from accounts.registry import ListColumn, ListFilter, RecordList, lists
from accounts.selectors.account_filters import ACCOUNT_FILTERS
from accounts.selectors.list_columns import MANAGER, related
from accounts.selectors.service import is_late_invoice
from config.lib.addresses import row_address
from config.lib.folding import Folded


def _rows(*, user: Any, at: dt.datetime) -> QuerySet[Invoice]:
    invoices = Invoice.objects.visible_to(user).standing()
    rows: QuerySet[Invoice] = invoices.select_related("account").annotate(
        is_late=ExpressionWrapper(is_late_invoice(at), BooleanField())
    )
    return rows


def _search(rows: QuerySet[Invoice], text: str, *, user: Any) -> QuerySet[Invoice]:
    rows = rows.annotate(folded=Folded("external_id"))
    for word in fold_for_search(text).split():
        called = account_called(word, user=user, kind=RecordKind.INVOICE)
        rows = rows.filter(folded__contains=word) | rows.filter(called)
    return rows


lists.register("invoices")(
    RecordList(
        key="invoices",
        label=_("Invoices"),
        icon="receipt",
        kind=RecordKind.INVOICE,
        rows=_rows,
        search=_search,
        href=lambda row: row_address("accounts:invoice_detail", row.pk),
        default_sort="-due_on",
        order=50,
        about=_("Invoices come in by file or API, or are noted on the page of an account."),
        columns=(
            ListColumn("invoice", _("Number"), "text", "", sort_path="external_id"),
            ListColumn("account", _("Account"), "account", "account"),
            ListColumn("amount", _("Amount, with tax"), "money", "amount"),
            ListColumn("due_on", _("Due on"), "date", "due_on"),
            ListColumn("paid_on", _("Paid on"), "date", "paid_on"),
            ListColumn("balance", _("Still open"), "money", "balance"),
            ListColumn(
                "is_late", _("Late"), "boolean", "is_late", is_default=False, is_sortable=False
            ),
            ListColumn("issued_on", _("Issued on"), "date", "issued_on", is_secondary=True),
            ListColumn("paid_amount", _("Amount paid"), "money", "paid_amount", is_default=False),
            ListColumn(
                "contract",
                _("Contract"),
                "text",
                "contract",
                kind=RecordKind.CONTRACT,
                is_sortable=False,
                is_default=False,
                prepare=related("contract"),
            ),
            ListColumn("currency", _("Currency"), "text", "currency", is_default=False),
            MANAGER,
        ),
        filters=(
            ListFilter("late", _("Late"), "boolean", "is_late"),
            ListFilter("due_on", _("Due on"), "date", "due_on"),
            ListFilter("issued_on", _("Issued on"), "date", "issued_on"),
            ListFilter("paid_on", _("Paid on"), "date", "paid_on"),
            ListFilter("amount", _("Amount, with tax"), "number", "amount"),
            *ACCOUNT_FILTERS,
        ),
    )
)
