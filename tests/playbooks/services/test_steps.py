import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from playbooks.models import PlaybookRun, RunStep, Task
from playbooks.services.act_on_transitions import act_on_transitions
from playbooks.services.steps import open_due_steps
from playbooks.services.tasks import cancel_task, complete_task
from tests.factories import make_account, make_team
from tests.playbooks.factories import (
    NOON,
    ONE_DAY,
    make_definition,
    make_playbook,
    make_step,
    make_transition,
)

pytestmark = pytest.mark.django_db

THREE_STEPS = [
    make_step("read"),
    make_step("talk", offset=1, after=["read"]),
    make_step("review", offset=2, after=["talk"], role="team_manager"),
]


def enter(*steps, account=None):
    make_playbook(definition=make_definition(steps=list(steps)))
    make_transition(account=account or make_account())
    act_on_transitions(at=NOON)
    return PlaybookRun.objects.get()


def titles():
    return list(Task.objects.order_by("pk").values_list("step_key", flat=True))


def test_a_step_waits_for_its_day_and_for_the_step_before():
    enter(*THREE_STEPS)
    assert titles() == ["read"]

    open_due_steps(at=NOON + ONE_DAY)
    assert titles() == ["read"]

    complete_task(task=Task.objects.get(), by=None, at=NOON + ONE_DAY)
    assert titles() == ["read", "talk"]

    complete_task(task=Task.objects.get(step_key="talk"), by=None, at=NOON + ONE_DAY)
    open_due_steps(at=NOON + 3 * ONE_DAY)
    assert titles() == ["read", "talk"]  # +2 of a Thursday is Monday

    open_due_steps(at=NOON + 4 * ONE_DAY)
    assert titles() == ["read", "talk", "review"]


def test_steps_are_planned_on_business_days_from_the_start():
    run = enter(*THREE_STEPS)

    planned = list(run.steps.order_by("position").values_list("due_on", flat=True))
    assert planned == [dt.date(2026, 6, 18), dt.date(2026, 6, 19), dt.date(2026, 6, 22)]


def test_a_step_that_opens_late_is_due_on_the_day_it_opens():
    enter(*THREE_STEPS)
    complete_task(task=Task.objects.get(), by=None, at=NOON + 9 * ONE_DAY)

    assert Task.objects.get(step_key="talk").due_on == dt.date(2026, 6, 29)


def test_a_cancelled_step_lets_the_next_one_open():
    enter(make_step("a"), make_step("b", after=["a"]))

    cancel_task(task=Task.objects.get(), at=NOON)

    assert titles() == ["a", "b"]


def test_steps_without_dependencies_open_side_by_side():
    enter(make_step("a"), make_step("b"))

    assert titles() == ["a", "b"]


def test_the_run_ends_with_its_last_step():
    run = enter(make_step("a"), make_step("b"))
    for task in Task.objects.all():
        assert PlaybookRun.objects.get().state == "running"
        complete_task(task=task, by=None, at=NOON)

    run.refresh_from_db()
    assert (run.state, run.outcome, run.reason) == ("ended", "completed", "steps_done")


def test_sweeping_again_opens_nothing_twice():
    enter(make_step("a"), make_step("b", offset=1))

    assert open_due_steps(at=NOON + ONE_DAY) == 1
    assert open_due_steps(at=NOON + ONE_DAY) == 0
    assert RunStep.objects.filter(state="open").count() == 2


def test_seven_steps_open_in_as_many_statements_as_one():
    make_playbook(definition=make_definition(steps=[make_step("a"), make_step("b", offset=1)]))
    team = make_team()

    def count_for(accounts):
        for _ in range(accounts):
            make_transition(account=make_account(team=team))
        act_on_transitions(at=NOON)
        with CaptureQueriesContext(connection) as queries:
            assert open_due_steps(at=NOON + ONE_DAY) == accounts
        return len(queries)

    assert count_for(1) == count_for(7)
