"""Celery tasks: they answer bells and call one service each; the sweep rings every bell."""

import datetime as dt

from celery import shared_task

from config.lib.bells import answers
from config.lib.clock import app_now
from config.lib.due import due_work
from playbooks.services.act_on_transitions import BELL, act_on_transitions
from playbooks.services.playbooks import tend_starter_playbooks
from playbooks.services.steps import open_due_steps
from playbooks.services.tasks import wake_snoozed_tasks


@answers(BELL)
@shared_task
def act_on_health_transitions() -> None:
    """Start and end playbook runs after changes of health."""
    act_on_transitions(at=app_now())


@answers("playbooks.day")
@shared_task
def open_steps_and_wake_tasks() -> None:
    """Open the steps whose day has come and the tasks put off until today."""
    open_due_steps(at=app_now())
    wake_snoozed_tasks(at=app_now())


@answers("playbooks.starter")
@shared_task
def tend_playbooks() -> None:
    """Bring shipped playbooks in, switched off; the sweep rings, a slot a day does it."""
    tend_starter_playbooks(at=app_now())


@due_work.register("starter_playbooks")
def _starter_playbooks(at: dt.datetime) -> int:
    return tend_starter_playbooks(at=at)


@due_work.register("transitions")
def _transitions(at: dt.datetime) -> int:
    return act_on_transitions(at=at)


@due_work.register("playbook_steps")
def _playbook_steps(at: dt.datetime) -> int:
    return open_due_steps(at=at)


@due_work.register("snoozed_tasks")
def _snoozed_tasks(at: dt.datetime) -> int:
    return wake_snoozed_tasks(at=at)
