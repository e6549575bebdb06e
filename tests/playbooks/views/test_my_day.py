import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.lib.clock import app_now
from scoring.models import HealthCurrent
from tests.factories import make_account, make_account_role, make_team, make_user
from tests.playbooks.factories import make_run, make_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def user(team):
    return make_user(team=team, time_zone="Asia/Tokyo")


@pytest.fixture
def show(client, user):
    client.force_login(user)

    def get(**query):
        return client.get(reverse("playbooks:my_day"), query)

    return get


def today(days=0):
    return app_now().astimezone(dt.timezone(dt.timedelta(hours=9))).date() + dt.timedelta(days)


def mine(user, team, **fields):
    return make_task(account=make_account(team=team), assignee=user, **fields)


def groups(response):
    return {
        str(group.group): [row.task.pk for row in group.rows]
        for group in response.context["day"].groups
    }


def test_tasks_stand_under_the_day_they_are_due(show, user, team):
    late, now, far = (mine(user, team, due_on=today(days)) for days in (-3, 0, 30))

    shown = groups(show())

    assert shown == {"overdue": [late.pk], "today": [now.pk], "later": [far.pk]}


def test_a_late_task_says_by_how_many_days(show, user, team):
    mine(user, team, due_on=today(-3))

    assert "3 days late" in show().text


def test_a_snoozed_task_stands_under_the_day_it_comes_back(show, user, team):
    task = mine(user, team, due_on=today(-3), status="snoozed", snoozed_until=today(30))

    assert groups(show()) == {"later": [task.pk]}


def test_only_the_readers_own_open_tasks_are_theirs(show, user, team):
    mine(user, team, status="done", completed_at=app_now())
    mine(user, team, status="cancelled")
    mine(make_user(team=team), team)
    make_task(account=make_account(), assignee=user)

    assert groups(show()) == {}


def test_the_teams_tasks_name_who_has_them(show, user, team):
    mine(make_user(team=team, family_name_latin="Daniel"), team)

    response = show(whose="team")

    assert response.context["day"].count == 1
    assert "Daniel" in response.text


def test_tasks_of_nobody_are_shown_so_that_none_is_lost(show, team):
    task = make_task(account=make_account(team=team))

    assert show().context["day"].unassigned == 1
    assert task.title in show(whose="nobody").text


def test_a_row_shows_account_score_and_where_the_task_comes_from(show, user, team):
    account = make_account(team=team, name="Aomine Seiki")
    HealthCurrent.objects.create(account=account, score=55.3, band="at_risk")
    run = make_run(account=account)
    run.steps.create(
        key="read",
        position=0,
        offset=2,
        role="account_manager",
        action="create_task",
        due_on=today(),
        opens_on=today(),
        state="open",
    )
    make_task(account=account, assignee=user, run=run, step_key="read", due_on=today())

    text = show().text

    assert "Aomine Seiki" in text
    assert "55" in text
    assert f"{run.playbook}, business day 2" in text


def test_seven_tasks_cost_as_many_queries_as_one(show, user, team):
    def count():
        with CaptureQueriesContext(connection) as queries:
            show()
        return len(queries)

    mine(user, team, run=make_run(account=make_account(team=team)), step_key="a")
    show()
    first = count()
    for _ in range(6):
        account = make_account(team=team)
        make_task(account=account, assignee=user, run=make_run(account=account), step_key="a")
    assert count() == first


def test_renewals_of_the_readers_own_accounts_stand_beside(show, user, team):
    account = make_account(team=team, name="Minato Logistics", renewal_on=today(45))
    make_account(team=team, name="Somebody else's", renewal_on=today(45))
    make_account_role(account=account, user=user)

    text = show().text

    assert "Minato Logistics" in text
    assert "in 45 days" in text
    assert "Somebody else" not in text


@pytest.mark.parametrize(("role", "offered"), [("member", True), ("viewer", False)])
def test_logging_a_touch_that_is_due_is_offered_where_the_reader_may(client, team, role, offered):
    reader = make_user(team=team, role=role)
    account = make_account(team=team, touch_model="high", customer_since_on=today(-400))
    make_account_role(account=account, user=reader)
    client.force_login(reader)

    page = client.get("/")

    log = f"{reverse('accounts:touchpoint_new')}?account={account.pk}"
    assert [shown for shown, _ in page.context["touches"]] == [account]
    assert (log in page.text) is offered
    assert client.get(log).status_code == (200 if offered else 403)


def test_the_page_reads_in_japanese(client, team):
    client.force_login(make_user(team=team, language="ja"))

    assert "今日" in client.get("/").text


def test_completed_tasks_are_listed_with_outcome(client, user, team):
    task = mine(
        user, team, status="done", completed_at=app_now(), completed_by=user, outcome="achieved"
    )
    client.force_login(user)

    text = client.get(reverse("playbooks:tasks_done")).text

    assert task.title in text
    assert "Achieved" in text


def test_who_is_not_signed_in_is_sent_to_sign_in(client):
    response = client.get("/")

    assert response.status_code == 302
    assert "/auth/" in response["Location"]


def test_who_may_not_write_is_offered_nothing_to_do_about_a_task(client, team):
    task = make_task(account=make_account(team=team))
    client.force_login(make_user(team=team, role="viewer"))

    page = client.get(reverse("playbooks:my_day"), {"whose": "team"}).text

    assert task.title in page
    assert reverse("playbooks:task_complete", args=[task.pk]) not in page
    assert reverse("playbooks:task_snooze", args=[task.pk]) not in page
    assert f"{reverse('accounts:touchpoint_new')}?account={task.account_id}" not in page


def test_who_may_write_is_offered_what_can_be_done_about_a_task(show, team):
    task = make_task(account=make_account(team=team))

    page = show(whose="team").text

    assert reverse("playbooks:task_complete", args=[task.pk]) in page
    assert reverse("playbooks:task_snooze", args=[task.pk]) in page
    assert f"{reverse('accounts:touchpoint_new')}?account={task.account_id}" in page
