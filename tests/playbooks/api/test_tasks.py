import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from playbooks.models import Task
from playbooks.services.act_on_transitions import act_on_transitions
from tests.factories import make_account
from tests.playbooks.factories import NOON, make_playbook, make_run, make_task, make_transition

pytestmark = pytest.mark.django_db
FAR = "2099-01-05"


@pytest.fixture
def account(alice):
    return make_account(team=alice.teams.get())


def test_a_task_is_made_changed_and_cancelled(api, alice, account):
    client = api(alice)
    made = client.post(
        "/api/v1/tasks/",
        {"account": account.pk, "title": "見積もりを送る", "due_on": FAR, "assignee": alice.pk},
    )
    assert made.status_code == 201
    assert (made.json()["status"], made.json()["title"]) == ("open", "見積もりを送る")
    address = f"/api/v1/tasks/{made.json()['id']}/"

    changed = client.patch(address, {"priority": "high", "assignee": None}).json()
    assert (changed["priority"], changed["assignee"]) == ("high", None)

    assert client.delete(address).status_code == 204
    assert Task.objects.get().status == "cancelled"


def test_a_status_is_an_act(api, alice, account):
    task = make_task(account=account)
    client, address = api(alice), f"/api/v1/tasks/{task.pk}/"

    done = client.patch(address, {"status": "done", "outcome": "no_reply", "notes": "x"}).json()
    assert (done["status"], done["outcome"], done["completed_by"]) == ("done", "no_reply", alice.pk)

    assert client.patch(address, {"status": "open"}).json()["completed_at"] is None

    put_off = client.patch(address, {"status": "snoozed", "snoozed_until": FAR}).json()
    assert (put_off["status"], put_off["snoozed_until"]) == ("snoozed", FAR)

    assert client.patch(address, {"status": "cancelled"}).json()["status"] == "cancelled"
    assert client.patch(address, {"status": "done"}).status_code == 409


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"title": " "}, "/title"),
        ({"status": "snoozed"}, "/snoozed_until"),
        ({"snoozed_until": FAR}, "/snoozed_until"),
        ({"status": "snoozed", "snoozed_until": "2020-01-01"}, "/snoozed_until"),
        ({"status": "finished"}, "/status"),
        ({"assignee": 999_999_999}, "/assignee"),
        ({"due_on": "soon"}, "/due_on"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place_and_changes_nothing(
    api, alice, account, change, pointer
):
    task = make_task(account=account)

    answer = api(alice).patch(f"/api/v1/tasks/{task.pk}/", {"notes": "half done", **change})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == pointer
    task.refresh_from_db()
    assert (task.notes, task.status) == ("", "open")


def test_an_assignee_who_can_not_see_the_account_is_refused(api, alice, charlie, account):
    task = make_task(account=account)

    answer = api(alice).patch(f"/api/v1/tasks/{task.pk}/", {"assignee": charlie.pk})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/assignee"


def test_tasks_of_other_teams_do_not_exist(api, alice):
    foreign = make_task()
    client = api(alice)

    assert client.get("/api/v1/tasks/").json()["results"] == []
    assert client.get(f"/api/v1/tasks/{foreign.pk}/").status_code == 404
    assert client.patch(f"/api/v1/tasks/{foreign.pk}/", {"status": "done"}).status_code == 404
    made = {"account": foreign.account_id, "title": "x", "due_on": FAR}
    assert client.post("/api/v1/tasks/", made).status_code == 400


def test_a_list_is_filtered_and_says_where_tasks_come_from(api, alice, account):
    playbook = make_playbook(key="risk")
    make_task(account=account, run=make_run(account=account, playbook=playbook), step_key="a")
    make_task(account=account, assignee=alice, due_on=dt.date(2026, 7, 1))
    client = api(alice)

    def count(query):
        return len(client.get(f"/api/v1/tasks/?{query}").json()["results"])

    from_playbook = client.get("/api/v1/tasks/?playbook=risk").json()["results"]
    assert [task["playbook"] for task in from_playbook] == ["risk"]
    assert (count("mine=true"), count("unassigned=true"), count("status=done")) == (1, 1, 0)
    assert count("due_on_after=2026-06-30") == 1


def test_seven_tasks_cost_as_many_queries_as_one(api, alice, account):
    client = api(alice)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            client.get("/api/v1/tasks/")
        return len(seen)

    make_task(account=account, run=make_run(account=account), step_key="a")
    queries()
    one = queries()
    for _ in range(6):
        other = make_account(team=account.team)
        make_task(account=other, run=make_run(account=other), step_key="a")
    assert queries() == one


def test_a_run_shows_its_steps_and_is_stopped_once(api, alice, account):
    make_playbook(key="risk")
    make_transition(account=account)
    act_on_transitions(at=NOON)
    client = api(alice)
    run = client.get("/api/v1/runs/?playbook=risk").json()["results"][0]
    assert (run["state"], run["version"]) == ("running", 1)
    assert [(step["key"], step["state"]) for step in run["steps"]] == [("read", "open")]
    address = f"/api/v1/runs/{run['id']}/"

    stopped = client.patch(address, {"state": "ended", "outcome": "false_alarm"}).json()
    assert (stopped["state"], stopped["outcome"], stopped["reason"]) == (
        "ended",
        "false_alarm",
        "by_hand",
    )
    assert client.patch(address, {"state": "ended"}).json() == stopped
    assert client.patch(address, {"state": "running"}).status_code == 409
    assert Task.objects.get().status == "cancelled"


def test_seven_runs_cost_as_many_queries_as_one(api, alice, account):
    client, playbook = api(alice), make_playbook()

    def queries():
        with CaptureQueriesContext(connection) as seen:
            client.get("/api/v1/runs/")
        return len(seen)

    make_run(account=account, playbook=playbook)
    queries()
    one = queries()
    for _ in range(6):
        make_run(account=make_account(team=account.team), playbook=playbook)
    assert queries() == one


def test_managers_switch_playbooks_and_members_read_them(api, alice, bob):
    playbook = make_playbook(is_active=False)
    address = f"/api/v1/playbooks/{playbook.pk}/"

    assert api(alice).get(address).json()["definition"]["cool_down_days"] == 30
    assert api(alice).patch(address, {"is_active": True}).status_code == 403
    assert api(bob).patch(address, {"is_active": True}).json()["is_active"] is True


def test_a_playbook_is_launched_for_an_account_the_caller_may_change(api, alice, account):
    make_playbook(key="risk")
    client = api(alice)

    made = client.post("/api/v1/runs/", {"account": account.pk, "playbook": "risk"})
    assert made.status_code == 201, made.json()
    assert made.json()["state"] == "running"
    assert Task.objects.get().account == account

    again = client.post("/api/v1/runs/", {"account": account.pk, "playbook": "risk"})
    assert again.status_code == 409
    foreign = client.post("/api/v1/runs/", {"account": make_account().pk, "playbook": "risk"})
    assert foreign.status_code == 400
