"""What people do with tasks: make, complete, take back, put off, hand over, cancel."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import RecordKind
from accounts.models import Account, Organisation, User
from accounts.querysets import reach_of
from accounts.services.accounts import lock_account
from config.lib.problems import Conflict, FieldError, Problem
from playbooks.choices import RunReason, RunState, StepState, TaskPriority, TaskStatus
from playbooks.models import PlaybookRun, RunStep, Task
from playbooks.services.steps import finish_settled_runs, open_steps_of


class TaskIsSettled(Conflict):
    """The task is done or cancelled already."""

    code = "task_is_settled"
    title = gettext_lazy("This task is done or cancelled already.")


class TaskCannotReopen(Conflict):
    """What followed the task has gone too far to take its completion back."""

    code = "task_cannot_reopen"
    title = gettext_lazy("This task can't be reopened: its playbook run has moved on.")


class BadTask(Problem):
    """A task was given values that make no sense."""

    code = "bad_task"
    title = gettext_lazy("The task can't be saved like this.")


@transaction.atomic
def create_task(
    *,
    account: Account,
    title: str,
    due_on: dt.date,
    by: User | None,
    at: dt.datetime,
    assignee: User | None = None,
    text: str = "",
    priority: str = TaskPriority.NORMAL,
) -> Task:
    """Make a task by hand; what is typed stands in both languages.

    :raises AccountArchived: for an account that is archived, or went into another.
    :raises BadTask: without a title, or for an assignee who can't see the account.
    """
    lock_account(account)
    _check_assignee(account, assignee)
    if not title.strip():
        raise BadTask(errors=[FieldError("/title", _("A task needs a title."))])
    return Task.objects.create(
        account=account,
        title_en=title,
        title_ja=title,
        text_en=text,
        text_ja=text,
        due_on=due_on,
        assignee=assignee,
        priority=priority,
        created_by=by,
        created_at=at,
        updated_at=at,
    )


@transaction.atomic
def edit_task(*, task: Task, changes: Mapping[str, Any], at: dt.datetime) -> Task:
    """Change title, text, due date, priority, outcome or notes; words count for both languages.

    :raises BadTask: without a title.
    """
    task = _lock(task)
    for name, value in changes.items():
        names = (f"{name}_en", f"{name}_ja") if name in {"title", "text"} else (name,)
        for column in names:
            setattr(task, column, value)
    if not task.title_en.strip():
        raise BadTask(errors=[FieldError("/title", _("A task needs a title."))])
    _save(task, at)
    return task


@transaction.atomic
def complete_task(
    *, task: Task, by: User | None, at: dt.datetime, outcome: str = "", notes: str = ""
) -> Task:
    """Mark a task done, settle its step and open what depended on it. Twice is once.

    :raises TaskIsSettled: when the task was cancelled.
    """
    task = _lock(task)
    if task.status == TaskStatus.DONE:
        return task
    _require_unfinished(task)
    task.status, task.completed_at, task.completed_by = TaskStatus.DONE, at, by
    task.outcome, task.notes = outcome or task.outcome, notes or task.notes
    _save(task, at)
    _settle_step(task, StepState.DONE, at)
    return task


@transaction.atomic
def cancel_task(*, task: Task, at: dt.datetime, notes: str = "") -> Task:
    """Cancel a task; the run goes on with what depended on it. Twice is once.

    :raises TaskIsSettled: when the task is done.
    """
    task = _lock(task)
    if task.status == TaskStatus.CANCELLED:
        return task
    _require_unfinished(task)
    task.status, task.notes = TaskStatus.CANCELLED, notes or task.notes
    _save(task, at)
    _settle_step(task, StepState.CANCELLED, at)
    return task


@transaction.atomic
def reopen_task(*, task: Task, at: dt.datetime) -> Task:
    """Take back completion, cancelling or putting off; what opened because of it goes back too.

    :raises AccountArchived: for an account that is archived, or went into another.
    :raises TaskCannotReopen: when the run ended for another reason, or a later step is done.
    """
    lock_account(task.account)
    task = _lock(task)
    was_settled = not task.is_unfinished
    task.status, task.completed_at, task.completed_by = TaskStatus.OPEN, None, None
    task.snoozed_until, task.outcome = None, ""
    _save(task, at)
    if was_settled and task.run is not None:
        _reopen_run(task.run)
        _take_back_followers(task.run, task.step_key)
        steps = RunStep.objects.filter(run=task.run, key=task.step_key)
        steps.update(state=StepState.OPEN, settled_at=None)
    return task


@transaction.atomic
def snooze_task(*, task: Task, until: dt.date, at: dt.datetime) -> Task:
    """Put a task out of sight until a day; its due date stays, so lateness stays honest.

    :raises TaskIsSettled: when nothing is left to do.
    :raises BadTask: for a day that is not in the future.
    """
    task = _lock(task)
    _require_unfinished(task)
    if until <= Organisation.objects.day_of(at):
        raise BadTask(errors=[FieldError("/snoozed_until", _("Choose a day after today."))])
    task.status, task.snoozed_until = TaskStatus.SNOOZED, until
    _save(task, at)
    return task


@transaction.atomic
def wake_snoozed_tasks(*, at: dt.datetime) -> int:
    """Open the tasks that were put off until today; return how many."""
    waking = Task.objects.waking(today=Organisation.objects.day_of(at))
    return waking.update(status=TaskStatus.OPEN, snoozed_until=None, updated_at=at)


@transaction.atomic
def reassign_task(*, task: Task, to: User | None, at: dt.datetime) -> Task:
    """Hand a task to somebody, or put it back to nobody.

    :raises TaskIsSettled: when nothing is left to do.
    :raises BadTask: for somebody who can't see the account.
    """
    task = _lock(task)
    _require_unfinished(task)
    _check_assignee(task.account, to)
    task.assignee = to
    _save(task, at)
    return task


def tasks_of_user(user: Any) -> Any:
    """Return the unfinished tasks of a colleague."""
    return Task.objects.unfinished().filter(assignee=user, account__archived_at=None)


def tasks_at(account: Account, user: User) -> Q:
    """Return the rule for tasks of an account which the user may change."""
    is_own = reach_of(user).covers(account, RecordKind.TASK, write=True)
    return Q(account=account) if is_own else Q(pk__in=())


def give_tasks(rows: Any, *, to: User, at: dt.datetime) -> int:
    """Give unfinished tasks to another, those of accounts the other sees."""
    seen = rows.filter(account__in=Account.objects.visible_to(to))
    given: int = seen.update(assignee=to, updated_at=at)
    return given


def _lock(task: Task) -> Task:
    """Lock the run, then the task: the order in which runs are ended."""
    if task.run_id is not None:
        PlaybookRun.objects.select_for_update(no_key=True).get(pk=task.run_id)
    locked = Task.objects.select_for_update(no_key=True, of=("self",))
    return locked.select_related("run", "account").get(pk=task.pk)  # type: ignore[no-any-return]


def _save(task: Task, at: dt.datetime) -> None:
    task.updated_at = at
    task.save()


def _require_unfinished(task: Task) -> None:
    if not task.is_unfinished:
        raise TaskIsSettled


def _check_assignee(account: Account, assignee: User | None) -> None:
    if assignee is None:
        return
    if not Account.objects.visible_to(assignee).filter(pk=account.pk).exists():
        words = _("This person can't see the account.")
        raise BadTask(errors=[FieldError("/assignee", words)])


def _settle_step(task: Task, state: str, at: dt.datetime) -> None:
    if task.run is None:
        return
    steps = RunStep.objects.filter(run=task.run, key=task.step_key, state=StepState.OPEN)
    if steps.update(state=state, settled_at=at):
        open_steps_of(runs=[task.run], at=at)
        finish_settled_runs(run_ids=[task.run.pk], at=at)


def _reopen_run(run: PlaybookRun) -> None:
    if run.state == RunState.RUNNING:
        return
    other = PlaybookRun.objects.running().filter(playbook=run.playbook_id, account=run.account_id)
    if run.reason != RunReason.STEPS_DONE or other.exists():
        raise TaskCannotReopen
    run.state, run.ended_at, run.outcome, run.reason = RunState.RUNNING, None, "", ""
    run.save()


def _take_back_followers(run: PlaybookRun, key: str) -> None:
    """Let the steps that waited for this one wait again; their untouched tasks go."""
    followers = RunStep.objects.filter(run=run, after__contains=[key]).exclude(
        state=StepState.WAITING
    )
    keys = list(followers.values_list("key", flat=True))
    tasks = Task.objects.filter(run=run, step_key__in=keys)
    if tasks.exclude(status=TaskStatus.OPEN).exists():
        raise TaskCannotReopen
    tasks.delete()
    followers.update(state=StepState.WAITING, opened_at=None)
