"""Files of amounts: one row what a contract is worth from a day on, also long past ones."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from accounts.choices import ChurnReason, RecordKind
from accounts.domain.cells import amount_cell, date_cell, integer_cell, text_cell
from accounts.domain.import_columns import Column
from accounts.registry import Preview, Takeout, importers, previews, takeouts
from accounts.services.exports.import_files import TERMS
from accounts.services.imports.stage import Stage
from accounts.services.imports.term_files import plan_terms, write_terms
from accounts.services.imports.words import choice_cell

COLUMNS = (
    Column(
        "contract_external_id",
        _("id of the contract"),
        text_cell(128),
        ("contract", "contract id", "contract number", "契約id", "契約番号"),
        is_required=True,
        is_key=True,
    ),
    Column(
        "starts_on",
        _("amount holds from"),
        date_cell,
        ("from", "starts on", "terms on", "金額適用日", "適用開始日"),
        "date",
        is_required=True,
        is_key=True,
    ),
    Column(
        "arr",
        _("ARR"),
        amount_cell,
        ("annual recurring revenue", "年間契約額", "年額", "契約金額"),
        "numeric(18,2)",
        is_required=True,
    ),
    Column(
        "seats",
        _("seats"),
        integer_cell(0, 2147483647),
        ("licences", "licenses", "席数", "ライセンス数", "id数"),
        "integer",
        cleared="\\N",
    ),
    Column("reason", _("reason"), choice_cell(ChurnReason), ("減額理由", "理由"), cleared=""),
)


class Terms:
    key = "terms"
    label = _("Amounts of contracts")
    record_kind: str = RecordKind.CONTRACT

    def columns(self) -> Sequence[Column]:
        return COLUMNS

    def plan(self, stage: Stage) -> None:
        plan_terms(stage)

    def write(self, stage: Stage) -> None:
        write_terms(stage)


importers.register("terms")(Terms())
takeouts.register("terms")(Takeout("terms", 35, lambda: TERMS))
previews.register("terms")(
    Preview(
        table="accounts_contractterm",
        label="p.contract_external_id",
        fields={
            "arr": ("p.arr_was", "p.arr"),
            "seats": ("p.seats_was", "p.seats"),
            "reason": ("p.reason_was", "p.reason"),
        },
    )
)
