"""Files of contracts: one row a contract, known by its own-system id."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from accounts.choices import ApprovalState, ContractKind, Forecast, RecordKind
from accounts.domain.cells import (
    amount_cell,
    currency_cell,
    date_cell,
    integer_cell,
    name_cell,
    terms_cell,
    text_cell,
)
from accounts.domain.import_columns import Column
from accounts.registry import Preview, Takeout, importers, previews, takeouts
from accounts.services.exports.import_files import contracts_file
from accounts.services.imports.bulk import mark_touched, refresh_figures
from accounts.services.imports.contract_plan import plan_contracts, terms_text
from accounts.services.imports.contract_write import write_contracts
from accounts.services.imports.references import find_accounts, find_own
from accounts.services.imports.stage import Stage
from accounts.services.imports.words import account_id_column, choice_cell, yes_or_no_cell

COLUMNS = (
    Column(
        "external_id",
        _("own-system id"),
        text_cell(128),
        ("contract id", "contract number", "契約id", "契約番号", "契約コード", "id"),
        is_required=True,
    ),
    account_id_column(),
    Column(
        "product", _("product"), name_cell(200), ("製品", "商品", "サービス", "プラン"), cleared=""
    ),
    Column("kind", _("kind"), choice_cell(ContractKind), ("契約種別", "契約形態")),
    Column("currency", _("currency"), currency_cell, ("通貨",)),
    Column(
        "starts_on",
        _("starts on"),
        date_cell,
        ("start", "start date", "contract starts on", "契約開始日", "開始日"),
        "date",
    ),
    Column(
        "ends_on",
        _("last day"),
        date_cell,
        ("end", "end date", "contract ends on", "契約終了日", "契約満了日", "終了日", "満了日"),
        "date",
        cleared="\\N",
    ),
    Column(
        "notice_months",
        _("notice period in months"),
        integer_cell(0, 120),
        ("notice", "解約予告月数", "解約予告"),
        "integer",
    ),
    Column(
        "auto_renews",
        _("renews by itself"),
        yes_or_no_cell,
        ("自動更新", "auto renewal"),
        "boolean",
    ),
    Column(
        "is_public_yearly",
        _("yearly public contract"),
        yes_or_no_cell,
        ("官公庁単年度契約",),
        "boolean",
    ),
    Column(
        "payment_days",
        _("payment within days"),
        integer_cell(0, 3650),
        ("支払日数",),
        "integer",
    ),
    Column(
        "payment_terms",
        _("payment terms"),
        terms_cell,
        ("支払条件", "支払サイト", "入金条件", "締め支払い"),
        "smallint[]",
    ),
    Column(
        "notice_received_on",
        _("cancellation notice received"),
        date_cell,
        ("解約通知受領日", "解約通知日"),
        "date",
        cleared="\\N",
    ),
    Column("forecast", _("forecast"), choice_cell(Forecast), ("更新見込み", "見込み"), cleared=""),
    Column("approval_state", _("approval flow"), choice_cell(ApprovalState), ("稟議", "稟議状況")),
    Column(
        "arr",
        _("ARR"),
        amount_cell,
        ("annual recurring revenue", "年間契約額", "年額", "契約金額"),
        "numeric(18,2)",
    ),
    Column(
        "seats",
        _("seats"),
        integer_cell(0, 2147483647),
        ("licences", "licenses", "席数", "ライセンス数", "id数"),
        "integer",
    ),
    Column("terms_on", _("amount holds from"), date_cell, ("金額適用日", "適用開始日"), "date"),
)

_NAMELESS = """
INSERT INTO import_fault (line, column_key, code, hint)
SELECT line, 'external_id', 'required', '' FROM import_stage
WHERE external_id IS NULL AND NOT is_ragged
"""
_LOCK = """
SELECT count(*) FROM (SELECT a.id FROM accounts_account a WHERE a.id IN (
  SELECT id FROM import_account_ref
  UNION SELECT c.account_id FROM accounts_contract c JOIN import_stage s USING (external_id)
  UNION SELECT c.account_id FROM accounts_contract c JOIN import_own own USING (id))
  ORDER BY a.id FOR NO KEY UPDATE) AS locked
"""
_STAGE = """
CREATE TEMP TABLE import_contract_stage ON COMMIT DROP AS
SELECT s.*, named.id AS account_id, coalesce(met.id, own.id) AS contract_id,
  NULL::date AS starts_default, coalesce({reaches}, false) AS is_reached,
  coalesce(a.archived_at IS NOT NULL, false) AS is_account_archived
FROM import_stage s
LEFT JOIN import_account_ref ref ON ref.word = s.account_external_id
LEFT JOIN accounts_account named ON named.id = ref.id
LEFT JOIN accounts_contract met ON met.external_id = s.external_id
LEFT JOIN import_own own ON own.word = s.external_id
LEFT JOIN accounts_contract c ON c.id = coalesce(met.id, own.id)
LEFT JOIN accounts_account a ON a.id = coalesce(c.account_id, named.id)
WHERE NOT s.is_ragged AND s.external_id IS NOT NULL
"""


class Contracts:
    key = "contracts"
    label = _("Contracts")
    record_kind: str = RecordKind.CONTRACT

    def columns(self) -> Sequence[Column]:
        return COLUMNS

    def plan(self, stage: Stage) -> None:
        find_accounts(stage, "account_external_id")
        find_own(stage, table="accounts_contract")
        if stage.is_writing:
            stage.one(_LOCK)
        stage.run(_STAGE.format(reaches=stage.reaches("a")))
        stage.run(_NAMELESS)
        plan_contracts(stage, source="import_contract_stage", plan="import_plan")

    def write(self, stage: Stage) -> None:
        write_contracts(stage, plan="import_plan")
        touched = "SELECT account_id FROM import_plan"
        refresh_figures(stage, touched=touched)
        mark_touched(stage, touched=touched)


importers.register("contracts")(Contracts())
takeouts.register("contracts")(Takeout("contracts", 30, contracts_file))


_TERM = """
(SELECT x.{column} FROM accounts_contractterm x WHERE x.contract_id = t.id
 AND x.retracted_at IS NULL AND x.starts_on <= p.from_on
 AND (x.ends_on IS NULL OR x.ends_on > p.from_on) LIMIT 1)
"""


def _term(column: str) -> tuple[str, str]:
    """Return how an amount reads on the day from which the row's holds."""
    return _TERM.format(column=column), f"p.{column}"


previews.register("contracts")(
    Preview(
        table="accounts_contract",
        label="s.external_id",
        fields={
            "arr": _term("arr"),
            "seats": _term("seats"),
            "payment_terms": (terms_text("t"), terms_text("p")),
            "account_external_id": (
                "(SELECT x.external_id FROM accounts_account x WHERE x.id = t.account_id)",
                "(SELECT x.external_id FROM accounts_account x WHERE x.id = p.account_id)",
            ),
        },
    )
)
