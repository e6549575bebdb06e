"""What everybody has to do, and did, at all customers."""

import datetime as dt
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import RecordKind
from accounts.domain.names import fold_for_search
from accounts.models import User
from accounts.querysets import account_called, by_user
from accounts.registry import ListColumn, ListFilter, RecordList, lists
from accounts.selectors.account_filters import ACCOUNT_CALLED, ACCOUNT_FILTERS
from accounts.selectors.days import OrganisationDay
from accounts.selectors.list_columns import MANAGER
from accounts.selectors.managers import called, managers
from config.lib.addresses import row_address
from config.lib.folding import Folded
from playbooks.choices import TaskOutcome, TaskPriority, TaskStatus
from playbooks.models import Playbook, Task
from playbooks.models.words import in_reading_language
from playbooks.querysets import TaskQuerySet

URGENCY = {TaskPriority.HIGH: 0, TaskPriority.NORMAL: 1, TaskPriority.LOW: 2}


def _rows(*, user: Any, at: dt.datetime) -> QuerySet[Task]:
    tasks: TaskQuerySet = Task.objects.visible_to(user)
    places = [When(priority=priority, then=Value(n)) for priority, n in URGENCY.items()]
    unfinished = Q(status__in=[TaskStatus.OPEN, TaskStatus.SNOOZED])
    rows: QuerySet[Task] = tasks.select_related(
        "account", "assignee", "completed_by", "run__playbook"
    ).annotate(
        called=F(in_reading_language(en="title_en", ja="title_ja")),
        urgency=Case(*places, output_field=IntegerField()),
        is_mine=_says(Q(assignee__isnull=False, assignee=user.pk)),
        is_unassigned=_says(Q(assignee__isnull=True)),
        is_late=_says(unfinished & Q(due_on__lt=OrganisationDay(at))),
    )
    return rows


def _says(condition: Q) -> Any:
    return ExpressionWrapper(condition, BooleanField())


def _search(rows: QuerySet[Task], text: str, *, user: Any) -> QuerySet[Task]:
    rows = rows.annotate(folded=Folded("called"))
    for word in fold_for_search(text).split():
        of_account = account_called(word, user=user, kind=RecordKind.TASK)
        rows = rows.filter(Q(folded__contains=word) | of_account)
    return rows


def _assignees() -> list[tuple[int, str]]:
    """Return (id, name) of who may be given a task, or has one from before."""
    tasks = Task.objects.filter(assignee=OuterRef("pk"))
    people = (managers() | User.objects.filter(Exists(tasks))).order_by(*by_user())
    return [(user.pk, called(str(user), is_here=user.is_active)) for user in people]


def playbook_names() -> list[tuple[int, str]]:
    """Return (id, name) of every playbook, also of those put away."""
    return [(row.pk, str(row)) for row in Playbook.objects.order_by("key")]


lists.register("tasks")(
    RecordList(
        key="tasks",
        label=pgettext_lazy("list", "Tasks"),
        icon="checklist",
        kind=RecordKind.TASK,
        rows=_rows,
        search=_search,
        href=lambda row: row_address("playbooks:task_detail", row.pk),
        default_sort="-due_on",
        order=36,
        about=_(
            "Tasks come from playbooks, when the health of an account changes,"
            " or are added by hand."
        ),
        new_url="playbooks:task_new",
        new_label=_("New task"),
        columns=(
            ListColumn("task", _("Task"), "text", "called"),
            ListColumn("account", _("Account"), "account", "account"),
            ListColumn("due_on", _("Due"), "date", "due_on"),
            ListColumn("assignee", pgettext_lazy("task", "Assignee"), "person", "assignee"),
            ListColumn(
                "priority",
                _("Priority"),
                "choice",
                "priority",
                choices=TaskPriority.choices,
                sort_path="urgency",
            ),
            ListColumn("status", _("State"), "choice", "status", choices=TaskStatus.choices),
            ListColumn(
                "playbook",
                _("Playbook"),
                "text",
                "run__playbook",
                is_sortable=False,
                is_secondary=True,
            ),
            ListColumn("completed_at", _("Completed"), "moment", "completed_at", is_secondary=True),
            ListColumn(
                "completed_by", _("Completed by"), "person", "completed_by", is_default=False
            ),
            ListColumn(
                "outcome",
                _("Outcome"),
                "choice",
                "outcome",
                choices=TaskOutcome.choices,
                is_sortable=False,
                is_default=False,
            ),
            ListColumn(
                "snoozed_until",
                _("Put off until"),
                "date",
                "snoozed_until",
                is_sortable=False,
                is_default=False,
            ),
            ListColumn(
                "text", _("What to do"), "text", "text", is_sortable=False, is_default=False
            ),
            ListColumn("notes", _("Notes"), "text", "notes", is_sortable=False, is_default=False),
            MANAGER,
        ),
        filters=(
            ListFilter("mine", _("Mine"), "boolean", "is_mine"),
            ListFilter("status", _("State"), "choice", "status", choices=TaskStatus.choices),
            ListFilter("late", _("Overdue"), "boolean", "is_late"),
            ListFilter(
                "assignee",
                pgettext_lazy("task", "Assignee"),
                "choice",
                "assignee_id",
                choices=_assignees,
            ),
            ListFilter("unassigned", _("Unassigned"), "boolean", "is_unassigned"),
            ListFilter(
                "priority", _("Priority"), "choice", "priority", choices=TaskPriority.choices
            ),
            ListFilter(
                "playbook", _("Playbook"), "choice", "run__playbook_id", choices=playbook_names
            ),
            ListFilter("outcome", _("Outcome"), "choice", "outcome", choices=TaskOutcome.choices),
            ListFilter("due_on", _("Due"), "date", "due_on"),
            ListFilter("completed_at", _("Completed"), "datetime", "completed_at"),
            ACCOUNT_CALLED,
            *ACCOUNT_FILTERS,
        ),
    )
)
