import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.registry import panels
from playbooks.models import Task
from playbooks.services.act_on_transitions import act_on_transitions
from playbooks.services.tasks import complete_task
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


@pytest.fixture
def user():
    return make_user(team=make_team())


@pytest.fixture
def account(user):
    return make_account(team=user.teams.get())


def context(account, user, at=NOON):
    return panels.get("playbooks").context(account=account, user=user, at=at)


def start(account, *steps):
    make_playbook(definition=make_definition(steps=list(steps)))
    make_transition(account=account)
    act_on_transitions(at=NOON)


def test_a_run_shows_what_is_done_open_and_planned(account, user):
    start(account, make_step("a"), make_step("b", offset=2, after=["a"]))
    complete_task(task=Task.objects.get(), by=user, at=NOON)

    run = context(account, user, NOON + 4 * ONE_DAY)["runs"][0]

    assert (run.day_now, run.day_last) == (2, 2)
    assert [(line.title, line.icon) for line in run.lines] == [
        ("Step a", "check"),
        ("Step b", "clock"),
    ]


def test_a_late_step_says_so(account, user):
    start(account, make_step("a"))

    line = context(account, user, NOON + ONE_DAY)["runs"][0].lines[0]

    assert (line.is_late, line.icon) == (True, "alert-triangle")


def test_the_account_page_shows_run_task_and_history(client, account, user):
    start(account, make_step("a"))
    complete_task(
        task=make_task(account=account, title_en="Call them"), by=user, at=NOON, notes="They agreed"
    )
    client.force_login(user)

    text = client.get(reverse("accounts:detail", args=[account.pk])).text

    assert "Step a" in text
    assert "Task done: Call them" in text
    assert "They agreed" in text
    assert "began" in text


def test_other_teams_see_no_runs_and_no_tasks(account):
    start(account, make_step("a"))

    shown = context(account, make_user(team=make_team()))

    assert shown is None


def test_seven_tasks_cost_as_many_queries_as_one(account, user):
    def count():
        with CaptureQueriesContext(connection) as queries:
            context(account, user)
        return len(queries)

    start(account, make_step("a"))
    make_task(account=account, assignee=user)
    count()
    first = count()
    for _ in range(6):
        make_task(account=account, assignee=user)
    assert count() == first
