"""Change a task in one go, as the API does: its words and days, its state, who has it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from config.lib.problems import FieldError
from playbooks.choices import TaskStatus
from playbooks.models import Task
from playbooks.services.tasks import (
    BadTask,
    cancel_task,
    complete_task,
    edit_task,
    reassign_task,
    reopen_task,
    snooze_task,
)

EDITABLE = ("title", "text", "due_on", "priority", "outcome", "notes")


@transaction.atomic
def change_task(
    *, task: Task, changes: Mapping[str, Any], by: User | None, at: dt.datetime
) -> Task:
    """Apply changes of `title text due_on priority outcome notes assignee status snoozed_until`.

    All or nothing. A new status means its act: done completes, cancelled cancels, snoozed puts
    off until `snoozed_until`, open takes back what was done.

    :raises TaskIsSettled, TaskCannotReopen, BadTask: as those acts do.
    """
    status = changes.get("status", task.status)
    if status == TaskStatus.OPEN and task.status != TaskStatus.OPEN:
        task = reopen_task(task=task, at=at)
    if edits := {name: changes[name] for name in EDITABLE if name in changes}:
        task = edit_task(task=task, changes=edits, at=at)
    if "assignee" in changes and changes["assignee"] != task.assignee:
        task = reassign_task(task=task, to=changes["assignee"], at=at)
    return _settle(task, status, changes, by, at)


def _settle(
    task: Task, status: str, changes: Mapping[str, Any], by: User | None, at: dt.datetime
) -> Task:
    if "snoozed_until" in changes and status != TaskStatus.SNOOZED:
        words = _("Only a snoozed task has this day.")
        raise BadTask(errors=[FieldError("/snoozed_until", words)])
    if status == TaskStatus.SNOOZED:
        return _snooze(task, changes, at)
    if status == task.status:
        return task
    if status == TaskStatus.DONE:
        return complete_task(task=task, by=by, at=at)
    return cancel_task(task=task, at=at)


def _snooze(task: Task, changes: Mapping[str, Any], at: dt.datetime) -> Task:
    until = changes.get("snoozed_until", task.snoozed_until)
    if until is None:
        words = _("Say until when the task is put off.")
        raise BadTask(errors=[FieldError("/snoozed_until", words)])
    if task.status == TaskStatus.SNOOZED and until == task.snoozed_until:
        return task
    return snooze_task(task=task, until=until, at=at)
