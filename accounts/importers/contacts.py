"""Files of contacts: one row a person at an account, known by own-system id or mail address."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from accounts.choices import ContactState, Language, RecordKind
from accounts.domain.cells import date_cell, mail_cell, name_cell, text_cell
from accounts.domain.import_columns import Column
from accounts.registry import Preview, Restoring, Takeout, importers, previews, restorings, takeouts
from accounts.services.exports.import_files import contacts_file
from accounts.services.imports.contact_plan import plan_contacts
from accounts.services.imports.contact_write import refold_contacts, write_contacts
from accounts.services.imports.preview import person_name
from accounts.services.imports.stage import Stage
from accounts.services.imports.words import account_id_column, choice_cell, yes_or_no_cell

COLUMNS = (
    account_id_column(is_required=True),
    Column(
        "external_id",
        _("own-system id"),
        text_cell(128),
        ("contact id", "user id", "id", "担当者id", "担当者コード", "ユーザーid"),
    ),
    Column(
        "family_name",
        _("family name"),
        name_cell(80),
        ("last name", "姓", "苗字", "名字"),
        cleared="",
    ),
    Column("given_name", _("given name"), name_cell(80), ("first name", "名"), cleared=""),
    Column(
        "full_name", _("full name"), name_cell(161), ("name", "氏名", "名前", "お名前", "担当者名")
    ),
    Column(
        "family_kana",
        _("family name, reading"),
        name_cell(80),
        ("セイ", "姓カナ", "姓（カナ）", "せい"),
        cleared="",
    ),
    Column(
        "given_kana",
        _("given name, reading"),
        name_cell(80),
        ("メイ", "名カナ", "名（カナ）", "めい"),
        cleared="",
    ),
    Column(
        "family_name_latin",
        _("family name (Latin)"),
        text_cell(80),
        ("姓（ローマ字）",),
        cleared="",
    ),
    Column(
        "given_name_latin", _("given name (Latin)"), text_cell(80), ("名（ローマ字）",), cleared=""
    ),
    Column(
        "email",
        _("mail address"),
        mail_cell,
        ("email", "e-mail", "mail", "メール", "メールアドレス"),
        cleared="",
    ),
    Column(
        "phone", _("telephone"), text_cell(40), ("phone", "tel", "電話", "電話番号"), cleared=""
    ),
    Column("department", _("department"), name_cell(120), ("部署", "部署名", "所属"), cleared=""),
    Column("title", _("title"), name_cell(120), ("job title", "役職", "肩書"), cleared=""),
    Column(
        "language",
        _("language"),
        choice_cell(Language, english="en", japanese="ja", 英語="en"),
        ("言語",),
    ),
    Column(
        "state",
        _("state"),
        choice_cell(
            ContactState,
            在籍="active",
            在籍中="active",
            退職="left",
            異動="transferred",
            休職="on_leave",
        ),
        ("状態", "在籍状況", "在籍"),
    ),
    Column("state_on", _("state since"), date_cell, ("状態の日付", "異動日", "退職日"), "date"),
    Column(
        "in_post_since_on",
        _("in post since"),
        date_cell,
        ("着任日", "就任日"),
        "date",
        cleared="\\N",
    ),
    Column(
        "successor_external_id",
        _("successor"),
        text_cell(200),
        ("successor", "successor id", "後任者", "後任者id"),
        cleared="\\N",
    ),
    Column(
        "reports_to_external_id",
        _("reports to"),
        text_cell(200),
        ("reports to", "manager", "reports to id", "上司", "上長", "上司id"),
    ),
    Column("is_ghost", _("only seen in usage"), yes_or_no_cell, ("利用のみ",), "boolean"),
    Column(
        "approach",
        _("approach"),
        text_cell(10_000, lines=True),
        ("アプローチ", "接し方"),
        cleared="",
    ),
    Column(
        "message",
        _("message"),
        text_cell(10_000, lines=True),
        ("メッセージ", "伝えること"),
        cleared="",
    ),
)


class Contacts:
    key = "contacts"
    label = _("Contacts")
    record_kind: str = RecordKind.CONTACT

    def columns(self) -> Sequence[Column]:
        return COLUMNS

    def plan(self, stage: Stage) -> None:
        plan_contacts(stage)

    def write(self, stage: Stage) -> None:
        write_contacts(stage)


importers.register("contacts")(Contacts())
takeouts.register("contacts")(Takeout("contacts", 20, contacts_file))
restorings.register("accounts_contact")(Restoring(refresh=refold_contacts))
restorings.register("accounts_stakeholderrelation")(Restoring(owner=("from_contact_id", "kind")))


def _person(before: str, link: str) -> tuple[str, str]:
    """Return how a link to a person reads before and after."""
    was, becomes = person_name(before), person_name(f"p.{link}_id")
    return was, f"coalesce({becomes}, CASE WHEN p.{link}_id IS NOT NULL THEN p.{link} END)"


#: The same address at any account, the same name at this one, or in a row before in the file.
_TWINS = """
SELECT p.line, concat_ws(' ', nullif(c.family_name, ''), nullif(c.given_name, ''),
  '(' || a.name || ')')
FROM import_plan p JOIN accounts_contact c ON lower(c.email) = p.email
JOIN accounts_account a ON a.id = c.account_id
WHERE p.target_id IS NULL AND p.email <> '' AND c.archived_at IS NULL
  AND c.merged_into_id IS NULL AND {reaches}
UNION ALL
SELECT p.line, concat_ws(' ', c.family_name, c.given_name, '(' || a.name || ')')
FROM import_plan p JOIN accounts_contact c ON c.account_id = p.account_id
  AND c.family_name = p.family_name AND c.given_name = p.given_name
JOIN accounts_account a ON a.id = c.account_id
WHERE p.target_id IS NULL AND p.family_name <> '' AND p.given_name <> ''
  AND c.archived_at IS NULL AND c.merged_into_id IS NULL AND {reaches}
UNION ALL
SELECT line, twin FROM (
  SELECT line, lag(concat_ws(' ', family_name, given_name, '(#' || line || ')')) OVER (
    PARTITION BY account_id, family_name, given_name ORDER BY line) AS twin
  FROM import_plan WHERE target_id IS NULL AND family_name <> '' AND given_name <> ''
    AND NOT EXISTS (SELECT FROM import_fault f WHERE f.line = import_plan.line)
) AS new WHERE twin IS NOT NULL
"""

previews.register("contacts")(
    Preview(
        table="accounts_contact",
        label="nullif(trim(p.family_name || ' ' || p.given_name), '')",
        twins=_TWINS,
        fields={
            "full_name": (
                "trim(t.family_name || ' ' || t.given_name)",
                "trim(p.family_name || ' ' || p.given_name)",
            ),
            "successor_external_id": _person("t.successor_id", "successor"),
            "reports_to_external_id": _person("p.reports_to_was", "reports_to"),
            "account_external_id": (
                "CASE WHEN t.id IS NOT NULL THEN p.account_external_id END",
                "p.account_external_id",
            ),
        },
    )
)
