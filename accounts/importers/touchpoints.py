"""Files of touchpoints: one row a talk with one account, also long past ones."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from accounts.choices import Direction, RecordKind, Sentiment, Signal, Visibility
from accounts.domain.cells import (
    date_cell,
    fold_word,
    integer_cell,
    list_cell,
    mail_cell,
    moment_cell,
    text_cell,
    word_cell,
)
from accounts.domain.import_columns import Column
from accounts.models import Organisation
from accounts.registry import Preview, Takeout, importers, previews, takeouts
from accounts.selectors.touchpoint_types import touchpoint_types
from accounts.services.exports.import_talks import TOUCHPOINTS
from accounts.services.imports.stage import Stage
from accounts.services.imports.touchpoint_plan import plan_touchpoints
from accounts.services.imports.touchpoint_write import write_touchpoints
from accounts.services.imports.words import LabelledCell, account_id_column, choice_cell

LONGEST_TEXT = 50_000
#: Words of other systems, where no type of the organisation is called that.
OTHER_WORDS = {
    "meeting": "regular_meeting",
    "web会議": "online_meeting",
    "オンライン商談": "online_meeting",
    "打ち合わせ": "regular_meeting",
    "商談": "visit",
    "定例": "regular_meeting",
    "phone": "call",
    "架電": "call",
    "email": "mail",
    "task": "internal_note",
    "todo": "internal_note",
    "to-do": "internal_note",
    "other": "internal_note",
    "その他": "internal_note",
    "来社": "visit",
    "note": "internal_note",
    "メモ": "internal_note",
}


class TypeCell(LabelledCell):
    """Takes the key of a type, its name in any language or a word of another system.

    The types are read at once: while rows go to the database, no other question fits in between.
    """

    def __init__(self) -> None:
        self.types = {one.key: one for one in touchpoint_types()}
        types = self.types.values()
        names = [(name, one.key) for one in types for name in (one.label_ja, one.label_en, one.key)]
        words = {fold_word(word): key for word, key in (*OTHER_WORDS.items(), *names)}
        self._parse = word_cell(words, ", ".join(self.types))

    def __call__(self, text: str) -> str:
        return self._parse(text)

    def label(self, value: str) -> str:
        return self.types[value].label if value in self.types else value


#: What was talked about and who may read it.
SAID = (
    Column("subject", _("subject"), text_cell(200), ("title", "件名", "タイトル", "概要")),
    Column("purpose", _("purpose"), text_cell(300), ("目的",), cleared=""),
    Column(
        "next_on",
        _("next date"),
        date_cell,
        ("next date", "次回", "次回日程", "次回予定日"),
        "date",
        cleared="\\N",
    ),
    Column(
        "body",
        _("text"),
        text_cell(LONGEST_TEXT, lines=True),
        ("body", "notes", "description", "内容", "本文", "詳細", "メモ内容"),
        cleared="",
    ),
    Column(
        "decisions",
        _("decisions"),
        text_cell(LONGEST_TEXT, lines=True),
        ("決定事項",),
        cleared="",
    ),
    Column("sentiment", _("sentiment"), choice_cell(Sentiment), ("印象", "感触"), cleared=""),
    Column("visibility", _("visible to"), choice_cell(Visibility), ("公開範囲",)),
)
#: Who was there, and what was noticed.
PRESENT = (
    Column(
        "contact_external_ids",
        _("ids of their people"),
        list_cell(text_cell(128)),
        ("contact_external_id", "contact ids", "contacts", "先方参加者id", "担当者id"),
        "text[]",
        cleared="{}",
    ),
    Column(
        "contact_emails",
        _("mail addresses of their people"),
        list_cell(mail_cell),
        ("contact_email", "attendees", "先方参加者", "先方メールアドレス"),
        "text[]",
        cleared="{}",
    ),
    Column(
        "user_emails",
        _("mail addresses of our people"),
        list_cell(mail_cell),
        ("user_email", "owner", "our attendees", "当社参加者", "対応者", "担当者メール"),
        "text[]",
        cleared="{}",
    ),
    Column(
        "signals",
        _("signals"),
        list_cell(choice_cell(Signal)),
        ("signal", "シグナル", "気づいたこと"),
        "text[]",
        cleared="{}",
    ),
)


def columns() -> Sequence[Column]:
    """Return what a file of touchpoints may hold; moments are in the organisation's zone."""
    return (
        account_id_column(is_required=True),
        Column(
            "external_id",
            _("own-system id"),
            text_cell(128),
            ("activity id", "touchpoint id", "id", "活動id", "対応履歴id"),
        ),
        Column(
            "type",
            _("type"),
            TypeCell(),
            ("activity type", "kind", "種別", "活動種別", "対応種別", "タイプ"),
        ),
        Column("direction", _("direction"), choice_cell(Direction), ("方向",)),
        Column(
            "occurred_at",
            _("when"),
            moment_cell(Organisation.objects.zone()),
            ("date", "datetime", "occurred at", "日時", "対応日時", "対応日", "活動日", "実施日"),
            "timestamptz",
        ),
        Column(
            "duration_minutes",
            _("minutes"),
            integer_cell(0, 1_000_000),
            ("duration", "所要時間", "時間(分)"),
            "integer",
            cleared="\\N",
        ),
        *SAID,
        *PRESENT,
    )


class Touchpoints:
    key = "touchpoints"
    label = _("Touchpoints")
    record_kind: str = RecordKind.TOUCHPOINT

    def columns(self) -> Sequence[Column]:
        return columns()

    def plan(self, stage: Stage) -> None:
        plan_touchpoints(stage)

    def write(self, stage: Stage) -> None:
        write_touchpoints(stage)


importers.register("touchpoints")(Touchpoints())
takeouts.register("touchpoints")(Takeout("touchpoints", 50, lambda: TOUCHPOINTS))
previews.register("touchpoints")(Preview(table="accounts_touchpoint", label="p.subject"))
