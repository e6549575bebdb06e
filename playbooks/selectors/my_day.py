"""The tasks of a day with what their rows show, grouped under headings."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from accounts.choices import RecordKind
from accounts.models import Account
from accounts.querysets import Reach, reach_of
from playbooks.choices import DayGroup, TaskStatus, Whose
from playbooks.domain.weeks import day_group
from playbooks.models import Task
from playbooks.querysets import TaskQuerySet
from scoring.models import HealthCurrent

#: A day with more tasks than this needs a manager, not a longer page.
MOST_SHOWN = 200


@dataclass(frozen=True)
class TaskRow:
    """A task with the health of its account, where the reader may see it.

    :param is_editable: whether the reader may complete it or put it off.
    :param is_loggable: whether the reader may log a talk with its account.
    """

    task: Task
    source: str
    score: float | None = None
    band: str | None = None
    is_late: bool = False
    is_snoozed: bool = False
    is_editable: bool = False
    is_loggable: bool = False


@dataclass(frozen=True)
class TaskGroup:
    """The tasks under one heading."""

    group: DayGroup
    rows: Sequence[TaskRow]


@dataclass(frozen=True)
class MyDay:
    """What is to be done, by whom it is asked for."""

    whose: Whose
    groups: Sequence[TaskGroup]
    count: int
    overdue: int
    unassigned: int
    more: bool = False

    @property
    def team_view(self) -> bool:
        """Say whether rows name who has the task."""
        return self.whose == Whose.TEAM


def my_day_of(user: Any, *, whose: Whose, today: dt.date) -> MyDay:
    """Return unfinished tasks of a user, of what they reach, or of nobody; four statements."""
    reached = Task.objects.visible_to(user).unfinished()
    tasks = list(_shown(reached, user, whose)[: MOST_SHOWN + 1])
    rows = task_rows(tasks[:MOST_SHOWN], user=user, today=today)
    groups = [
        TaskGroup(DayGroup(key), list(group))
        for key, group in groupby(rows, key=lambda row: day_group(_listed_on(row), today=today))
    ]
    return MyDay(
        whose=whose,
        groups=groups,
        count=len(rows),
        overdue=sum(row.is_late for row in rows),
        unassigned=reached.unassigned().count(),
        more=len(tasks) > MOST_SHOWN,
    )


def task_rows(tasks: Sequence[Task], *, today: dt.date, user: Any = None) -> list[TaskRow]:
    """Return rows of tasks that carry account, playbook and `step_offset`; one statement.

    :param user: whose reach decides on the health beside each and on what is offered; without one
        there is neither.
    """
    health = _health_of({task.account_id for task in tasks}, user) if user else {}
    reach = reach_of(user) if user else None
    return [
        TaskRow(
            task=task,
            source=source_of(task),
            score=score,
            band=band,
            is_late=task.is_unfinished and task.due_on < today,
            is_snoozed=task.status == TaskStatus.SNOOZED,
            is_editable=bool(reach and reach.covers(task.account, RecordKind.TASK, write=True)),
            is_loggable=bool(reach and _may_log(reach, task.account)),
        )
        for task in tasks
        for score, band in [health.get(task.account_id, (None, None))]
    ]


def source_of(task: Any) -> str:
    """Say where a task comes from: its playbook and the business day of the run."""
    if task.run is None:
        return ""
    words = {"playbook": task.run.playbook, "day": task.step_offset}
    if not task.step_offset:
        return _("%(playbook)s, day of the start") % words
    return _("%(playbook)s, business day %(day)s") % words


def for_rows(tasks: TaskQuerySet) -> TaskQuerySet:
    """Load what `task_rows` reads."""
    loaded = tasks.with_shown_on().with_step_offset()
    return loaded.select_related("account", "run__playbook", "assignee")


def _shown(reached: TaskQuerySet, user: Any, whose: Whose) -> TaskQuerySet:
    chosen = {Whose.MINE: reached.of(user), Whose.NOBODY: reached.unassigned()}
    return for_rows(chosen.get(whose, reached)).order_by("shown_on", "pk")


def _listed_on(row: TaskRow) -> dt.date:
    return row.task.shown_on  # type: ignore[attr-defined, no-any-return]


def _may_log(reach: Reach, account: Account) -> bool:
    is_seen = reach.covers(account, RecordKind.ACCOUNT)
    return is_seen and reach.covers(account, RecordKind.TOUCHPOINT, write=True)


def _health_of(account_ids: Iterable[int], user: Any) -> dict[int, tuple[float | None, str]]:
    current = HealthCurrent.objects.visible_to(user).filter(account__in=list(account_ids))
    return {row.account_id: (row.score, row.band) for row in current}
