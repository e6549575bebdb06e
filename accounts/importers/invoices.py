"""Files of invoices: one row an invoice, known by its number, with what was paid for it."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from accounts.choices import RecordKind
from accounts.domain.cells import amount_cell, currency_cell, date_cell, text_cell
from accounts.domain.import_columns import Column
from accounts.registry import Preview, Takeout, importers, previews, takeouts
from accounts.services.exports.import_talks import INVOICES
from accounts.services.imports.invoice_plan import plan_invoices
from accounts.services.imports.invoice_write import write_invoices
from accounts.services.imports.stage import Stage
from accounts.services.imports.words import account_id_column
from accounts.services.own_codes import id_or_code

COLUMNS = (
    Column(
        "external_id",
        _("number"),
        text_cell(128),
        ("invoice number", "invoice no", "invoice id", "id", "請求書番号", "請求番号", "請求書no"),
        is_required=True,
    ),
    account_id_column(),
    Column(
        "contract_external_id",
        _("id of the contract"),
        text_cell(128),
        ("contract", "contract id", "contract number", "契約id", "契約番号"),
        cleared="\\N",
    ),
    Column(
        "issued_on",
        _("issued on"),
        date_cell,
        ("invoice date", "issued", "date", "請求日", "発行日", "請求書日付"),
        "date",
    ),
    Column(
        "due_on",
        _("due on"),
        date_cell,
        ("due date", "due", "支払期限", "支払期日", "入金期日", "入金予定日"),
        "date",
    ),
    Column(
        "amount",
        _("amount, with tax"),
        amount_cell,
        ("amount", "total", "請求額", "請求金額", "税込金額", "金額"),
        "numeric(18,2)",
    ),
    Column("currency", _("currency"), currency_cell, ("通貨",)),
    Column(
        "paid_on",
        _("paid on"),
        date_cell,
        ("payment date", "paid", "入金日", "支払日"),
        "date",
    ),
    Column(
        "paid_amount",
        _("amount paid"),
        amount_cell,
        ("paid amount", "payment", "入金額", "支払額"),
        "numeric(18,2)",
    ),
)


class Invoices:
    key = "invoices"
    label = _("Invoices")
    record_kind: str = RecordKind.INVOICE

    def columns(self) -> Sequence[Column]:
        return COLUMNS

    def plan(self, stage: Stage) -> None:
        plan_invoices(stage)

    def write(self, stage: Stage) -> None:
        write_invoices(stage)


importers.register("invoices")(Invoices())
takeouts.register("invoices")(Takeout("invoices", 70, lambda: INVOICES))
_CONTRACT = """
(SELECT {named} FROM accounts_contract x WHERE x.id = {row}.contract_id)
"""
previews.register("invoices")(
    Preview(
        table="accounts_invoice",
        label="p.external_id",
        fields={
            "contract_external_id": (
                _CONTRACT.format(row="t", named=id_or_code("x")),
                _CONTRACT.format(row="p", named=id_or_code("x")),
            ),
            "paid_on": ("p.paid_on_was", "coalesce(p.paid_on, p.paid_on_was)"),
            "paid_amount": (
                "nullif(p.paid_was, 0)",
                "coalesce(p.paid_amount, nullif(p.paid_was, 0))",
            ),
        },
        together=("paid_on", "paid_amount"),
    )
)
