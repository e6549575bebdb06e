"""The steps of onboarding at all customers."""

import datetime as dt
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.choices import RecordKind
from accounts.domain.names import fold_for_search
from accounts.models import OnboardingMilestone
from accounts.querysets import account_called
from accounts.registry import ListColumn, ListFilter, RecordList, lists
from accounts.selectors.service import is_late_milestone
from config.lib.addresses import row_address
from config.lib.folding import Folded


def _rows(*, user: Any, at: dt.datetime) -> QuerySet[OnboardingMilestone]:
    rows: Any = OnboardingMilestone.objects.visible_to(user).standing()
    shown: QuerySet[OnboardingMilestone] = rows.select_related("account").annotate(
        is_late=ExpressionWrapper(is_late_milestone(at), BooleanField()),
        is_done=ExpressionWrapper(Q(done_on__isnull=False), BooleanField()),
    )
    return shown


def _search(
    rows: QuerySet[OnboardingMilestone], text: str, *, user: Any
) -> QuerySet[OnboardingMilestone]:
    language = "ja" if (translation.get_language() or "en").startswith("ja") else "en"
    rows = rows.annotate(folded=Folded(f"label_{language}"))
    for word in fold_for_search(text).split():
        called = account_called(word, user=user, kind=RecordKind.ACCOUNT)
        rows = rows.filter(folded__contains=word) | rows.filter(called)
    return rows


lists.register("milestones")(
    RecordList(
        key="milestones",
        label=_("Milestones"),
        icon="checklist",
        kind=RecordKind.ACCOUNT,
        rows=_rows,
        search=_search,
        href=lambda row: row_address("accounts:milestones", row.account_id),
        default_sort="due_on",
        order=60,
        about=_("Milestones lead a new customer to first value; plan them on the account's page."),
        columns=(
            ListColumn("milestone", _("Milestone"), "text", "", sort_path="key"),
            ListColumn("account", _("Account"), "account", "account"),
            ListColumn("due_on", _("Due on"), "date", "due_on"),
            ListColumn("done_on", _("Reached on"), "date", "done_on"),
            ListColumn("is_late", _("Late"), "boolean", "is_late"),
            ListColumn(
                "is_first_value", _("First value"), "boolean", "is_first_value", is_default=False
            ),
        ),
        filters=(
            ListFilter("done", _("Reached"), "boolean", "is_done"),
            ListFilter("late", _("Late"), "boolean", "is_late"),
            ListFilter("first_value", _("First value"), "boolean", "is_first_value"),
            ListFilter("due_on", _("Due on"), "date", "due_on"),
            ListFilter("done_on", _("Reached on"), "date", "done_on"),
        ),
    )
)
