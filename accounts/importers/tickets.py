"""Files of tickets: one row a ticket, known by its own-system id."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from accounts.choices import RecordKind, TicketSeverity, TicketState
from accounts.domain.cells import integer_cell, mail_cell, moment_cell, text_cell
from accounts.domain.import_columns import Column
from accounts.models import Organisation
from accounts.registry import Preview, Takeout, importers, previews, takeouts
from accounts.services.exports.import_talks import TICKETS
from accounts.services.imports.stage import Stage
from accounts.services.imports.ticket_plan import plan_tickets
from accounts.services.imports.ticket_write import write_tickets
from accounts.services.imports.words import account_id_column, choice_cell

SEVERITIES = choice_cell(
    TicketSeverity,
    urgent="critical",
    medium="normal",
    緊急="critical",
    最高="critical",
    至急="critical",
    中="normal",
    通常="normal",
)
STATES = choice_cell(
    TicketState,
    new="open",
    pending="waiting",
    closed="resolved",
    solved="resolved",
    done="resolved",
    新規="open",
    対応中="open",
    保留="waiting",
    完了="resolved",
    クローズ="resolved",
    解決="resolved",
)
#: Whose ticket it is and what it says.
TOLD = (
    Column(
        "external_id",
        _("own-system id"),
        text_cell(128),
        (
            "ticket id",
            "ticket number",
            "case number",
            "case id",
            "問い合わせid",
            "問い合わせ番号",
            "チケット番号",
            "ケース番号",
            "id",
        ),
        is_required=True,
    ),
    account_id_column(),
    Column(
        "contact_external_id",
        _("id of the contact"),
        text_cell(128),
        ("contact", "contact id", "担当者id", "担当者コード", "問い合わせ者id"),
        cleared="\\N",
    ),
    Column(
        "contact_email",
        _("mail address of the contact"),
        mail_cell,
        ("requester", "requester email", "email", "問い合わせ者メール", "メールアドレス"),
    ),
    Column("subject", _("subject"), text_cell(200), ("title", "summary", "タイトル", "概要")),
    Column("severity", _("severity"), SEVERITIES, ("priority", "優先度", "深刻度")),
    Column("state", _("state"), STATES, ("status", "ステータス")),
)
RATING = Column(
    "csat",
    _("CSAT"),
    integer_cell(1, 5),
    ("rating", "satisfaction", "満足度", "評価"),
    "integer",
    cleared="\\N",
)


def columns() -> Sequence[Column]:
    """Return what a file of tickets may hold; moments are read in the organisation's zone."""
    moment = moment_cell(Organisation.objects.zone())
    return (
        *TOLD,
        Column(
            "opened_at",
            _("opened"),
            moment,
            ("created", "created at", "opened at", "受付日", "受付日時", "作成日時", "作成日"),
            "timestamptz",
        ),
        Column(
            "resolved_at",
            _("resolved"),
            moment,
            ("closed", "closed at", "resolved at", "解決日", "解決日時", "完了日時", "完了日"),
            "timestamptz",
        ),
        RATING,
    )


class Tickets:
    key = "tickets"
    label = _("Tickets")
    record_kind: str = RecordKind.TICKET

    def columns(self) -> Sequence[Column]:
        return columns()

    def plan(self, stage: Stage) -> None:
        plan_tickets(stage)

    def write(self, stage: Stage) -> None:
        write_tickets(stage)


importers.register("tickets")(Tickets())
takeouts.register("tickets")(Takeout("tickets", 60, lambda: TICKETS))
previews.register("tickets")(Preview(table="accounts_ticket", label="p.subject"))
