"""Files of accounts: one row an account, known by its own-system id."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import (
    AccountKind,
    AccountStatus,
    ChurnReason,
    Language,
    Phase,
    RecordKind,
    Tier,
    TouchModel,
)
from accounts.domain.cells import (
    amount_cell,
    corporate_number_cell,
    country_cell,
    currency_cell,
    date_cell,
    integer_cell,
    mail_cell,
    month_cell,
    name_cell,
    text_cell,
)
from accounts.domain.import_columns import Column
from accounts.domain.names import fold_for_search, name_key
from accounts.registry import Preview, Restoring, Takeout, importers, previews, restorings, takeouts
from accounts.services.exports.import_files import accounts_file
from accounts.services.imports.account_plan import LINKS, ROLES, plan_accounts
from accounts.services.imports.account_write import refold_accounts, write_accounts
from accounts.services.imports.attributes import attribute_columns
from accounts.services.imports.stage import Stage
from accounts.services.imports.words import (
    ACCOUNT_ID_WORDS,
    choice_cell,
    domains_cell,
    yes_or_no_cell,
)

COLUMNS = (
    Column(
        "external_id",
        _("own-system id"),
        text_cell(128),
        ("account_external_id", "id", "外部id", *ACCOUNT_ID_WORDS),
        is_required=True,
        derived={"external_id_folded": fold_for_search},
    ),
    Column(
        "name",
        _("formal name"),
        name_cell(200),
        (
            "name",
            "account",
            "account name",
            "company",
            "company name",
            "customer name",
            "会社名",
            "顧客名",
            "企業名",
            "取引先名",
            "社名",
            "名称",
            "正式名称",
        ),
        derived={"name_key": name_key, "name_folded": fold_for_search},
    ),
    Column(
        "short_name",
        _("short name"),
        name_cell(100),
        ("略称", "通称"),
        cleared="",
        derived={"short_name_folded": fold_for_search},
    ),
    Column(
        "name_kana",
        _("reading"),
        name_cell(200),
        (
            "kana",
            "フリガナ",
            "ふりがな",
            "会社名カナ",
            "会社名フリガナ",
            "カナ",
            "読み",
            "読み仮名",
            "よみ",
            "よみがな",
            "ヨミ",
        ),
        cleared="",
        derived={"name_kana_folded": fold_for_search},
    ),
    Column(
        "name_latin",
        _("Latin name"),
        name_cell(200),
        ("english name", "英語名", "英文社名"),
        cleared="",
        derived={"name_latin_folded": fold_for_search},
    ),
    Column("kind", _("kind"), choice_cell(AccountKind), ("種別", "区分")),
    Column(
        "language",
        _("language"),
        choice_cell(Language, english="en", japanese="ja", 英語="en"),
        ("言語",),
    ),
    Column(
        "corporate_number", _("corporate number"), corporate_number_cell, ("法人番号",), cleared=""
    ),
    Column("country", _("country"), country_cell, ("国", "国コード", "country code")),
    Column(
        "fiscal_year_end_month",
        _("fiscal year ends in"),
        month_cell,
        ("決算月", "fiscal year end"),
        "integer",
        cleared="\\N",
    ),
    Column(
        "budget_month",
        _("budget is set in"),
        month_cell,
        ("予算策定月", "budget month"),
        "integer",
        cleared="\\N",
    ),
    Column("tracked", _("usage events are expected"), yes_or_no_cell, ("利用計測",), "boolean"),
    Column("team", _("team"), text_cell(120), ("チーム", "担当チーム", "部署")),
    Column(
        "parent_external_id",
        pgettext_lazy("account", "parent"),
        text_cell(128),
        ("parent", "parent id", "親会社", "親会社コード", "親顧客", "親顧客id", "親顧客番号"),
        cleared="\\N",
    ),
    Column(
        "sold_via_external_id",
        _("sold via"),
        text_cell(128),
        ("sold via", "販売店", "販売代理店"),
        cleared="\\N",
    ),
    Column(
        "billed_via_external_id",
        _("billed via"),
        text_cell(128),
        ("billed via", "請求先", "請求代理店"),
        cleared="\\N",
    ),
    Column(
        "domains",
        _("domains"),
        domains_cell,
        ("domain", "website domain", "company domain name", "ドメイン", "メールドメイン"),
    ),
    Column("status", _("status"), choice_cell(AccountStatus), ("ステータス", "状態", "契約状況")),
    Column("phase", _("phase"), choice_cell(Phase), ("フェーズ", "段階")),
    Column("tier", _("tier"), choice_cell(Tier), ("ティア", "ランク", "重要度")),
    Column(
        "touch_model",
        _("touch model"),
        choice_cell(
            TouchModel, high="high", low="low", tech="tech", ハイ="high", ロー="low", テック="tech"
        ),
        ("タッチモデル",),
    ),
    Column("churn_reason", _("churn reason"), choice_cell(ChurnReason), ("解約理由",)),
    Column(
        "customer_since_on",
        _("customer since"),
        date_cell,
        ("customer since", "取引開始日", "利用開始日", "契約開始"),
        "date",
        cleared="\\N",
    ),
    Column(
        "live_on",
        _("live since"),
        date_cell,
        ("go live", "稼働日", "稼働開始日"),
        "date",
        cleared="\\N",
    ),
    Column(
        "account_manager",
        _("Account manager"),
        mail_cell,
        ("csm", "manager", "cs担当", "担当者", "担当csm", "主担当"),
    ),
    Column(
        "account_owner",
        _("Account owner"),
        mail_cell,
        ("owner", "sales owner", "営業担当", "担当営業"),
    ),
    Column("deputy", _("Deputy"), mail_cell, ("deputy csm", "副担当", "代理担当")),
    Column("abm_marketer", _("ABM marketer"), mail_cell),
    Column("solution_architect", _("Solution architect"), mail_cell),
    Column("executive_sponsor", _("Our executive sponsor"), mail_cell),
    Column(
        "arr",
        _("ARR"),
        amount_cell,
        ("annual recurring revenue", "年間契約額", "年額", "契約金額"),
        "numeric(18,2)",
    ),
    Column("currency", _("currency"), currency_cell, ("通貨",)),
    Column(
        "seats",
        _("seats"),
        integer_cell(0, 2147483647),
        ("licences", "licenses", "licensed users", "席数", "ライセンス数", "id数"),
        "integer",
    ),
    Column("contract_starts_on", _("contract starts on"), date_cell, ("契約開始日",), "date"),
    Column(
        "contract_ends_on",
        _("last day of the contract"),
        date_cell,
        ("contract ends on", "契約終了日", "契約満了日"),
        "date",
    ),
)


class Accounts:
    key = "accounts"
    label = _("Accounts")
    record_kind: str = RecordKind.ACCOUNT

    def columns(self) -> Sequence[Column]:
        return (*COLUMNS, *attribute_columns())

    def plan(self, stage: Stage) -> None:
        plan_accounts(stage)

    def write(self, stage: Stage) -> None:
        write_accounts(stage)


importers.register("accounts")(Accounts())
takeouts.register("accounts")(Takeout("accounts", 10, accounts_file))
restorings.register("accounts_account")(
    Restoring(
        derived=("name_key", "arr", "mrr", "licensed_users", "renewal_on"), refresh=refold_accounts
    )
)


_ACCOUNT = """
(SELECT coalesce(x.external_id, x.name) FROM accounts_account x WHERE x.id = t.{column}_id)
"""
_USER = "(SELECT email FROM accounts_user WHERE id = p.{id})"
_TEAM = "(SELECT x.name FROM accounts_team x WHERE x.id = {row}.team_id)"
_DOMAINS = """
(SELECT string_agg(x.domain, ';' ORDER BY x.id) FROM accounts_accountdomain x
 WHERE x.account_id = t.id)
"""
_OF_CONTRACT = """
(SELECT x.{column} FROM accounts_contract x WHERE x.external_id = 'account:' || p.named_id)
"""


def _account(column: str) -> tuple[str, str]:
    """Return how a link to an account reads before and after."""
    before = _ACCOUNT.format(column=column)
    after = f"CASE WHEN p.{column}_id IS NULL THEN NULL ELSE coalesce(p.{column}, {before}) END"
    return before, after


def _user(role: str) -> tuple[str, str]:
    """Return how a role reads before and after."""
    before = _USER.format(id=f"{role}_was")
    return before, f"coalesce({_USER.format(id=f'{role}_id')}, {before})"


def _of_contract(column: str, given: str) -> tuple[str, str]:
    """Return how a date of the contract behind an ARR reads before and after."""
    before = _OF_CONTRACT.format(column=column)
    return before, f"coalesce(p.{given}, {before})"


#: Where both corporate numbers are known and differ, an equal name says nothing. Of new rows that
#: are called alike each names the one before it, by its row.
_TWINS = """
SELECT p.line, a.name || coalesce(' (' || a.external_id || ')', '')
FROM import_plan p JOIN accounts_account a ON a.name_key = p.made_key
WHERE p.target_id IS NULL AND p.made_key <> '' AND a.archived_at IS NULL
  AND a.merged_into_id IS NULL AND {reaches} AND (a.corporate_number = ''
    OR p.corporate_number = '' OR a.corporate_number = p.corporate_number)
UNION ALL
SELECT line, twin FROM (
  SELECT line, made_key, corporate_number, lag(corporate_number) OVER alike AS number_before,
    lag(name || ' (' || concat_ws(', ', external_id, '#' || line) || ')') OVER alike AS twin
  FROM import_plan WHERE target_id IS NULL AND made_key <> ''
    AND NOT EXISTS (SELECT FROM import_fault f WHERE f.line = import_plan.line)
  WINDOW alike AS (PARTITION BY made_key ORDER BY line)
) AS new WHERE twin IS NOT NULL AND (corporate_number = '' OR number_before = ''
  OR corporate_number = number_before)
"""

previews.register("accounts")(
    Preview(
        table="accounts_account",
        label="p.name",
        twins=_TWINS,
        fields={
            "team": (_TEAM.format(row="t"), _TEAM.format(row="p")),
            **{f"{name}_external_id": _account(name) for name in LINKS},
            **{role: _user(role) for role in ROLES},
            "domains": (
                _DOMAINS,
                f"CASE WHEN p.adds_domains THEN concat_ws(';', {_DOMAINS}, p.domains)"
                f" ELSE {_DOMAINS} END",
            ),
            "arr": ("t.arr", "coalesce(p.arr, t.arr)"),
            "seats": ("t.licensed_users", "coalesce(p.seats, t.licensed_users)"),
            "contract_starts_on": _of_contract("starts_on", "contract_starts_on"),
            "contract_ends_on": _of_contract("ends_on", "contract_ends_on"),
        },
    )
)
