"""Files of the stakeholder map: one row a person and a part they play, and how they stand to us."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from accounts.choices import Level, RecordKind, StakeholderRoleKind, Stance
from accounts.domain.cells import date_cell, list_cell, mail_cell, text_cell
from accounts.domain.import_columns import Column
from accounts.registry import (
    Preview,
    Restoring,
    Takeout,
    importers,
    previews,
    restorings,
    takeouts,
)
from accounts.services.exports.import_files import stakeholders_file
from accounts.services.imports.stage import Stage
from accounts.services.imports.stakeholder_lines import LINE_KINDS
from accounts.services.imports.stakeholder_plan import STANDING_COLUMNS, plan_stakeholders
from accounts.services.imports.stakeholder_write import write_stakeholders
from accounts.services.imports.words import account_id_column, choice_cell

COLUMNS = (
    account_id_column(),
    Column(
        "contact_external_id",
        _("id of the contact"),
        text_cell(128),
        ("contact", "contact id", "担当者id", "担当者コード", "先方担当者id"),
        is_key=True,
    ),
    Column(
        "contact_email",
        _("mail address of the contact"),
        mail_cell,
        ("email", "mail", "メール", "メールアドレス"),
        is_key=True,
    ),
    Column(
        "role",
        _("role"),
        choice_cell(
            StakeholderRoleKind,
            sponsor="executive_sponsor",
            buyer="economic_buyer",
            キーマン="influencer",
            担当窓口="day_to_day",
        ),
        ("stakeholder role", "役割", "立場"),
    ),
    Column("starts_on", _("since"), date_cell, ("start", "from", "開始日", "就任日"), "date"),
    Column(
        "ends_on",
        _("no longer from"),
        date_cell,
        ("end", "until", "終了日", "外れた日"),
        "date",
        cleared="\\N",
    ),
    Column(
        "confirmed_on",
        _("confirmed on"),
        date_cell,
        ("confirmed", "確認日", "確認済み日"),
        "date",
        cleared="\\N",
    ),
    Column("stance", _("stance"), choice_cell(Stance), ("賛否", "スタンス"), cleared=""),
    Column("influence", _("influence"), choice_cell(Level), ("影響度",), cleared=""),
    Column(
        "strength",
        _("relationship strength"),
        choice_cell(Level),
        ("strength", "関係の深さ", "関係性"),
        cleared="",
    ),
    Column(
        "influences_external_ids",
        _("influences"),
        list_cell(text_cell(200)),
        ("influences", "影響を与える相手", "影響を与える相手id"),
        "text[]",
    ),
    Column(
        "conflicts_external_ids",
        _("is in conflict with"),
        list_cell(text_cell(200)),
        ("conflicts", "対立する相手", "対立する相手id"),
        "text[]",
    ),
)


class Stakeholders:
    key = "stakeholders"
    label = _("Stakeholders")
    record_kind: str = RecordKind.CONTACT

    def columns(self) -> Sequence[Column]:
        return COLUMNS

    def plan(self, stage: Stage) -> None:
        plan_stakeholders(stage)

    def write(self, stage: Stage) -> None:
        write_stakeholders(stage)


importers.register("stakeholders")(Stakeholders())
takeouts.register("stakeholders")(Takeout("stakeholders", 40, stakeholders_file))
restorings.register("accounts_stakeholderrole")(Restoring(owner=("contact_id", "role")))
restorings.register("accounts_contactstanding")(Restoring(owner=("contact_id",)))


def _drawn(kind: str) -> tuple[str, str]:
    """Return how lines a row adds read before and after."""
    words = "(SELECT string_agg(l.word, '; ' ORDER BY l.word) FROM import_line l WHERE"
    return "NULL", f"{words} l.line = p.line AND l.kind = '{kind}' AND NOT l.is_held)"


previews.register("stakeholders")(
    Preview(
        table="accounts_stakeholderrole",
        label="p.contact_named",
        fields={
            **{name: (f"p.{name}_was", f"p.{name}") for name in STANDING_COLUMNS},
            **{f"{kind}_external_ids": _drawn(kind) for kind in LINE_KINDS},
        },
    )
)
