"""Files of milestones: a step of an account's onboarding each, known by key or label."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from accounts.choices import RecordKind
from accounts.domain.cells import date_cell, slug_cell, text_cell
from accounts.domain.import_columns import Column
from accounts.registry import Preview, Takeout, importers, previews, takeouts
from accounts.services.exports.import_talks import MILESTONES
from accounts.services.imports.milestone_files import plan_milestones, write_milestones
from accounts.services.imports.stage import Stage
from accounts.services.imports.words import account_id_column, yes_or_no_cell

COLUMNS = (
    account_id_column(is_required=True, others=("顧客",)),
    Column(
        "key",
        _("key"),
        slug_cell(60),
        ("milestone key", "キー"),
        is_key=True,
    ),
    Column(
        "label_ja",
        _("label in Japanese"),
        text_cell(120),
        ("label", "milestone", "マイルストーン", "名称", "表示名"),
    ),
    Column("label_en", _("label in English"), text_cell(120), ("英語名", "英語名称")),
    Column(
        "due_on",
        _("due on"),
        date_cell,
        ("due date", "planned on", "期日", "予定日"),
        "date",
        cleared="\\N",
    ),
    Column(
        "done_on",
        _("done on"),
        date_cell,
        ("reached on", "completed on", "達成日", "完了日"),
        "date",
        cleared="\\N",
    ),
    Column("is_first_value", _("first value"), yes_or_no_cell, ("初回価値",), "boolean"),
)


class Milestones:
    key = "milestones"
    label = _("Milestones")
    record_kind: str = RecordKind.ACCOUNT

    def columns(self) -> Sequence[Column]:
        return COLUMNS

    def plan(self, stage: Stage) -> None:
        plan_milestones(stage)

    def write(self, stage: Stage) -> None:
        write_milestones(stage)


importers.register("milestones")(Milestones())
takeouts.register("milestones")(Takeout("milestones", 45, lambda: MILESTONES))
previews.register("milestones")(Preview(table="accounts_onboardingmilestone", label="p.label_ja"))
