import datetime as dt

import pytest
from django.urls import reverse

from config.lib.clock import app_now
from playbooks.models import Task
from tests.factories import make_account, make_team, make_user
from tests.playbooks.factories import make_task

pytestmark = pytest.mark.django_db
FAR = dt.date(2099, 1, 5)


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def user(client, team):
    user = make_user(team=team)
    client.force_login(user)
    return user


@pytest.fixture
def task(user, team):
    return make_task(account=make_account(team=team), assignee=user)


def post(client, name, task, **data):
    url = reverse(f"playbooks:{name}", args=[task.pk])
    response = client.post(url, data)
    task.refresh_from_db()
    return response


def test_completing_from_the_list_offers_undo_on_the_page_it_was_done_on(client, user, task):
    page = f"http://testserver{reverse('accounts:detail', args=[task.account_id])}"

    response = client.post(
        reverse("playbooks:task_complete", args=[task.pk]), headers={"referer": page}
    )
    task.refresh_from_db()

    assert (task.status, task.completed_by) == ("done", user)
    assert response["Location"] == f"/accounts/{task.account_id}/"
    toast = client.get("/").text
    assert reverse("playbooks:task_reopen", args=[task.pk]) in toast


def test_a_foreign_referer_is_not_followed(client, task):
    response = client.post(
        reverse("playbooks:task_complete", args=[task.pk]),
        headers={"referer": "https://evil.example/"},
    )

    assert response["Location"] == "/"


def test_completing_with_notes_keeps_them(client, task):
    post(client, "task_complete", task, outcome="no_reply", notes="Called twice")

    assert (task.outcome, task.notes) == ("no_reply", "Called twice")


def test_undo_opens_it_again(client, task):
    post(client, "task_complete", task)
    post(client, "task_reopen", task)

    assert task.status == "open"


def test_snoozing_offers_business_days_and_takes_any_later_day(client, task):
    offer = client.get(reverse("playbooks:task_snooze", args=[task.pk])).text
    post(client, "task_snooze", task, until=FAR)

    assert "3 business days" in offer
    assert (task.status, task.snoozed_until) == ("snoozed", FAR)


def test_snoozing_to_the_past_is_refused_with_words(client, task):
    response = post(client, "task_snooze", task, until=dt.date(2020, 1, 1))

    assert "Choose a day after today." in response.text
    assert task.status == "open"


def test_handing_over_offers_the_team_and_refuses_strangers(client, team, task):
    colleague, stranger = make_user(team=team), make_user(team=make_team())

    post(client, "task_assign", task, assignee=colleague.pk)
    assert task.assignee == colleague

    response = post(client, "task_assign", task, assignee=stranger.pk)
    assert response.status_code == 200
    assert task.assignee == colleague


def test_cancelling_can_be_undone(client, task):
    post(client, "task_cancel", task)
    assert task.status == "cancelled"

    post(client, "task_reopen", task)
    assert task.status == "open"


def test_a_task_is_made_for_an_account_found_by_name(client, user, team):
    account = make_account(team=team, name="Aomine", search_text="aomine")
    found = client.get(reverse("playbooks:task_new"), {"q": "aomine"}).text
    assert f"?account={account.pk}" in found

    client.post(
        reverse("playbooks:task_new"),
        {
            "account": account.pk,
            "title": "Send the offer",
            "due_on": FAR,
            "assignee": user.pk,
            "priority": "high",
        },
    )

    task = Task.objects.get()
    assert (task.title, task.due_on, task.assignee, task.created_by) == (
        "Send the offer",
        FAR,
        user,
        user,
    )


def test_a_task_without_a_title_is_asked_for_again_and_keeps_what_was_typed(client, user, team):
    account = make_account(team=team)

    response = client.post(
        reverse("playbooks:task_new"),
        {"account": account.pk, "due_on": FAR, "text": "About the price"},
    )

    assert "About the price" in response.text
    assert not Task.objects.exists()


def test_the_page_of_a_done_task_says_how_it_went(client, user, team):
    task = make_task(
        account=make_account(team=team),
        status="done",
        completed_at=app_now(),
        completed_by=user,
        notes="They moved to Nagoya",
    )

    text = client.get(reverse("playbooks:task_detail", args=[task.pk])).text

    assert "They moved to Nagoya" in text
    assert reverse("playbooks:task_reopen", args=[task.pk]) in text


def test_completing_a_cancelled_task_is_a_conflict_in_words(client, team):
    task = make_task(account=make_account(team=team), status="cancelled")
    client.force_login(make_user(team=team))

    response = post(client, "task_complete", task)

    assert response.status_code == 409
    assert "done or cancelled already" in response.text


POSTS = ["task_complete", "task_reopen", "task_snooze", "task_assign", "task_cancel"]


@pytest.mark.parametrize("name", POSTS)
def test_a_viewer_sees_a_task_and_changes_nothing(client, team, name):
    task = make_task(account=make_account(team=team))
    client.force_login(make_user(team=team, role="viewer"))

    assert client.get(reverse("playbooks:task_detail", args=[task.pk])).status_code == 200
    assert post(client, name, task, until=FAR).status_code == 403
    assert task.status == "open"


@pytest.mark.parametrize("name", POSTS)
def test_a_task_of_another_team_does_not_exist(client, user, name):
    task = make_task(account=make_account())

    assert client.get(reverse("playbooks:task_detail", args=[task.pk])).status_code == 404
    assert post(client, name, task, until=FAR).status_code == 404


@pytest.mark.parametrize("name", ["task_complete", "task_reopen", "task_cancel", "task_assign"])
def test_changes_need_a_post(client, task, name):
    assert client.get(reverse(f"playbooks:{name}", args=[task.pk])).status_code == 405
