"""What is being done about one account: its runs with their steps, its open tasks."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise

from accounts.models import Account
from config.lib.workdays import WorkCalendar
from playbooks.choices import RunState, StepState
from playbooks.models import Playbook, PlaybookRun, RunStep, Task
from playbooks.models.words import in_reading_language
from playbooks.selectors.my_day import TaskRow, for_rows, task_rows

ENDED_SHOWN = 1
RUNS_SHOWN = 5
TASKS_SHOWN = 20
ICONS = {
    StepState.DONE: "check",
    StepState.CANCELLED: "x",
    StepState.OPEN: "clock",
    StepState.WAITING: "clock",
}


@dataclass(frozen=True)
class StepRow:
    """A step of a run: what, when, how far; `task` where it has one."""

    title: str
    icon: str
    on: dt.date
    word: str | Promise
    is_late: bool
    task: Task | None


@dataclass(frozen=True)
class RunRow:
    """A run with its steps; days count business days of the account's team."""

    pk: int
    playbook: Playbook
    state: str
    get_state_display: str
    get_outcome_display: str
    ended_at: dt.datetime | None
    day_now: int
    day_last: int
    lines: Sequence[StepRow]


def runs_of(account: Account, *, user: Any, at: dt.datetime) -> list[RunRow]:
    """Return the open runs and the one that ended last, in three statements."""
    runs = PlaybookRun.objects.visible_to(user).started().filter(account=account)
    newest = list(
        runs.select_related("playbook", "version").order_by("-entered_at", "-pk")[:RUNS_SHOWN]
    )
    ended = [run for run in newest if run.state == RunState.ENDED][:ENDED_SHOWN]
    shown = [run for run in newest if run.state == RunState.RUNNING] + ended
    steps = RunStep.objects.filter(run__in=shown).order_by("run", "position")
    tasks = {(task.run_id, task.step_key): task for task in Task.objects.filter(run__in=shown)}
    by_run: dict[int, list[RunStep]] = {run.pk: [] for run in shown}
    for step in steps:
        by_run[step.run_id].append(step)
    calendar = WorkCalendar(account.team.country)
    today = timezone.localdate(at)
    return [_run_row(run, by_run[run.pk], tasks, calendar, today) for run in shown]


def tasks_of(account: Account, *, user: Any, at: dt.datetime) -> list[TaskRow]:
    """Return the unfinished tasks of an account, first due first."""
    tasks = Task.objects.visible_to(user).unfinished().filter(account=account)
    rows = list(for_rows(tasks).order_by("due_on", "pk")[:TASKS_SHOWN])
    return task_rows(rows, today=timezone.localdate(at))


def _run_row(
    run: PlaybookRun,
    steps: Sequence[RunStep],
    tasks: dict[tuple[int | None, str], Task],
    calendar: WorkCalendar,
    today: dt.date,
) -> RunRow:
    began_on = timezone.localdate(run.started_at)
    return RunRow(
        pk=run.pk,
        playbook=run.playbook,
        state=run.state,
        get_state_display=run.get_state_display(),
        get_outcome_display=run.get_outcome_display(),
        ended_at=run.ended_at,
        day_now=calendar.workdays_between(began_on, today),
        day_last=max((step.offset for step in steps), default=0),
        lines=[_step_row(run, step, tasks.get((run.pk, step.key)), today) for step in steps],
    )


def _step_row(run: PlaybookRun, step: RunStep, task: Task | None, today: dt.date) -> StepRow:
    title = run.version.read().step(step.key).title
    due_on = task.due_on if task else step.due_on
    is_late = step.state == StepState.OPEN and due_on < today
    settled = step.settled_at and timezone.localdate(step.settled_at)
    is_settled = step.state in {StepState.DONE, StepState.CANCELLED}
    return StepRow(
        title=in_reading_language(en=title.en, ja=title.ja),
        icon="alert-triangle" if is_late else ICONS[StepState(step.state)],
        on=settled or due_on,
        word=step.get_state_display() if is_settled else "",
        is_late=is_late,
        task=task,
    )
