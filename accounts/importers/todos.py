"""Files of to-dos: one row something one side promised in a talk."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import RecordKind, Side
from accounts.domain.cells import date_cell, mail_cell, text_cell
from accounts.domain.import_columns import Column
from accounts.registry import Preview, Takeout, importers, previews, takeouts
from accounts.services.exports.import_talks import PROMISES
from accounts.services.imports.preview import person_name
from accounts.services.imports.stage import Stage
from accounts.services.imports.todo_files import plan_todos, write_todos
from accounts.services.imports.words import account_id_column, choice_cell

COLUMNS = (
    account_id_column(is_required=True),
    Column(
        "touchpoint_external_id",
        _("id of the talk"),
        text_cell(128),
        ("touchpoint", "touchpoint id", "activity id", "対応履歴id", "活動id"),
        is_required=True,
        is_key=True,
    ),
    Column(
        "side",
        _("side"),
        choice_cell(Side, 当社="ours", 自社="ours", 先方="theirs", 顧客="theirs"),
        ("担当側",),
    ),
    Column("text", _("to do"), text_cell(300), ("to-do", "todo", "subject", "内容", "件名")),
    Column(
        "user_email",
        _("mail address of our person"),
        mail_cell,
        ("owner", "assignee", "担当者メール", "当社担当者"),
        cleared="",
    ),
    Column(
        "contact_external_id",
        _("id of the contact"),
        text_cell(200),
        ("contact", "contact id", "担当者id", "先方担当者id"),
        cleared="",
    ),
    Column(
        "due_on",
        pgettext_lazy("task", "due"),
        date_cell,
        ("due date", "due on", "期日", "締切"),
        "date",
        cleared="\\N",
    ),
    Column("done_on", _("done"), date_cell, ("done on", "完了日", "実施日"), "date", cleared="\\N"),
)


class Todos:
    key = "todos"
    label = _("To-dos")
    record_kind: str = RecordKind.TOUCHPOINT

    def columns(self) -> Sequence[Column]:
        return COLUMNS

    def plan(self, stage: Stage) -> None:
        plan_todos(stage)

    def write(self, stage: Stage) -> None:
        write_todos(stage)


importers.register("todos")(Todos())
takeouts.register("todos")(Takeout("todos", 55, lambda: PROMISES))
previews.register("todos")(
    Preview(
        table="accounts_touchpointtodo",
        label="p.text",
        fields={
            "user_email": ("p.user_was", "coalesce(nullif(s.user_email, ''), p.user_was)"),
            "contact_external_id": (person_name("p.contact_was"), person_name("p.contact_id")),
        },
    )
)
