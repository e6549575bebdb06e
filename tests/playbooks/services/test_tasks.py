import datetime as dt

import pytest

from playbooks.models import PlaybookRun, RunStep, Task
from playbooks.services.act_on_transitions import act_on_transitions
from playbooks.services.runs import stop_run
from playbooks.services.tasks import (
    BadTask,
    TaskCannotReopen,
    TaskIsSettled,
    cancel_task,
    complete_task,
    create_task,
    reassign_task,
    reopen_task,
    snooze_task,
    wake_snoozed_tasks,
)
from tests.factories import make_account, make_team, make_user
from tests.playbooks.factories import (
    NOON,
    ONE_DAY,
    make_definition,
    make_playbook,
    make_step,
    make_task,
    make_transition,
)

pytestmark = pytest.mark.django_db
TOMORROW = dt.date(2026, 6, 19)


def enter(*steps):
    make_playbook(definition=make_definition(steps=list(steps)))
    make_transition(account=make_account())
    act_on_transitions(at=NOON)
    return Task.objects.get()


def test_completing_twice_keeps_the_first_time_and_person():
    task, first, second = make_task(), make_user(), make_user()

    complete_task(task=task, by=first, at=NOON, notes="Champion moved", outcome="achieved")
    complete_task(task=task, by=second, at=NOON + ONE_DAY)

    task.refresh_from_db()
    assert (task.status, task.completed_at, task.completed_by) == ("done", NOON, first)
    assert (task.notes, task.outcome) == ("Champion moved", "achieved")


def test_a_cancelled_task_can_not_be_completed():
    task = make_task(status="cancelled")

    with pytest.raises(TaskIsSettled):
        complete_task(task=task, by=None, at=NOON)


def test_undo_brings_the_task_and_its_run_back():
    task = enter(make_step())
    complete_task(task=task, by=make_user(), at=NOON)

    reopen_task(task=task, at=NOON)

    task.refresh_from_db()
    assert (task.status, task.completed_at, task.completed_by) == ("open", None, None)
    assert PlaybookRun.objects.get().state == "running"
    assert RunStep.objects.get().state == "open"


def test_undo_takes_back_what_opened_because_of_the_completion():
    task = enter(make_step("a"), make_step("b", after=["a"]))
    complete_task(task=task, by=None, at=NOON)
    assert Task.objects.count() == 2

    reopen_task(task=task, at=NOON)
    assert Task.objects.get().step_key == "a"

    complete_task(task=task, by=None, at=NOON)
    assert Task.objects.unfinished().get().step_key == "b"


def test_undo_is_refused_once_a_later_step_is_done():
    task = enter(make_step("a"), make_step("b", after=["a"]), make_step("c", offset=5))
    complete_task(task=task, by=None, at=NOON)
    complete_task(task=Task.objects.get(step_key="b"), by=None, at=NOON)

    with pytest.raises(TaskCannotReopen):
        reopen_task(task=task, at=NOON)


def test_undo_is_refused_once_the_run_was_stopped():
    task = enter(make_step())
    complete_task(task=task, by=None, at=NOON)
    PlaybookRun.objects.update(reason="exit_condition")

    with pytest.raises(TaskCannotReopen):
        reopen_task(task=task, at=NOON)


def test_a_snoozed_task_comes_back_on_its_day_with_its_due_date():
    task = make_task()
    snooze_task(task=task, until=TOMORROW, at=NOON)

    assert wake_snoozed_tasks(at=NOON) == 0
    assert wake_snoozed_tasks(at=NOON + ONE_DAY) == 1

    task.refresh_from_db()
    assert (task.status, task.snoozed_until, task.due_on) == ("open", None, NOON.date())


def test_a_task_can_not_be_put_off_to_the_past():
    with pytest.raises(BadTask):
        snooze_task(task=make_task(), until=NOON.date(), at=NOON)


def test_a_task_is_handed_only_to_people_who_see_the_account():
    team = make_team()
    task = make_task(account=make_account(team=team))
    colleague, outsider = make_user(team=team), make_user(team=make_team())

    reassign_task(task=task, to=colleague, at=NOON)
    with pytest.raises(BadTask):
        reassign_task(task=task, to=outsider, at=NOON)

    task.refresh_from_db()
    assert task.assignee == colleague


def test_a_typed_task_reads_the_same_in_both_languages():
    task = create_task(
        account=make_account(), title="見積もりを送る", due_on=TOMORROW, by=None, at=NOON
    )

    assert (task.title_en, task.title_ja, task.run) == ("見積もりを送る", "見積もりを送る", None)


def test_a_task_needs_a_title():
    with pytest.raises(BadTask):
        create_task(account=make_account(), title="  ", due_on=TOMORROW, by=None, at=NOON)


def test_cancelling_a_done_task_is_refused():
    with pytest.raises(TaskIsSettled):
        cancel_task(task=make_task(status="done", completed_at=NOON), at=NOON)


def test_stopping_a_run_cancels_what_is_open_of_it():
    enter(make_step("a"), make_step("b", offset=1))

    stop_run(run=PlaybookRun.objects.get(), at=NOON)

    assert PlaybookRun.objects.get().reason == "by_hand"
    assert set(RunStep.objects.values_list("state", flat=True)) == {"cancelled"}
    assert Task.objects.get().status == "cancelled"
