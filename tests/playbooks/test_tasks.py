import datetime as dt
import json
from io import StringIO

import pytest
from django.core.management import call_command

from config.lib.bells import ring_everything
from config.lib.clock import app_now
from playbooks import tasks
from playbooks.models import Playbook, Task
from tests.factories import make_account, make_account_role, make_user, our_day
from tests.playbooks.factories import (
    make_definition,
    make_playbook,
    make_step,
    make_task,
    make_transition,
)

pytestmark = pytest.mark.django_db
AN_HOUR = dt.timedelta(hours=1)


@pytest.fixture
def fallen():
    account = make_account()
    make_account_role(account=account, user=make_user())
    make_playbook(definition=make_definition(steps=[make_step(), make_step("b", after=["read"])]))
    make_transition(account=account, at=app_now() - AN_HOUR)
    return account


def test_the_bell_of_health_starts_playbooks(fallen):
    tasks.act_on_health_transitions()
    tasks.act_on_health_transitions()

    assert Task.objects.get().account == fallen


def test_the_sweep_reaches_every_task_of_the_app(django_capture_on_commit_callbacks, monkeypatch):
    heard = []
    for task in (
        tasks.act_on_health_transitions,
        tasks.open_steps_and_wake_tasks,
        tasks.tend_playbooks,
    ):
        monkeypatch.setattr(
            task, "apply_async", lambda task=task, **_: heard.append(task.name), raising=False
        )

    with django_capture_on_commit_callbacks(execute=True):
        ring_everything()

    assert {name.rsplit(".", 1)[1] for name in heard} >= {
        "act_on_health_transitions",
        "open_steps_and_wake_tasks",
        "tend_playbooks",
    }


def test_the_day_wakes_what_was_put_off():
    task = make_task(status="snoozed", snoozed_until=our_day())

    tasks.open_steps_and_wake_tasks()

    task.refresh_from_db()
    assert task.status == "open"


def test_run_due_does_it_all_in_one_process_and_counts(fallen):
    out = StringIO()

    call_command("run_due", stdout=out)
    counts = json.loads(out.getvalue().splitlines()[-1])

    assert counts["transitions"] == 1
    assert counts["starter_playbooks"] == 1
    assert Playbook.objects.filter(key="at_risk_review").exists()
    assert Task.objects.get().account == fallen

    out.seek(0)
    call_command("run_due", stdout=out)
    assert json.loads(out.getvalue().splitlines()[-1])["transitions"] == 0
