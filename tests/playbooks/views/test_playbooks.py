import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from playbooks.services.act_on_transitions import act_on_transitions
from playbooks.services.playbooks import install_starter_playbooks
from playbooks.services.runs import stop_run
from tests.factories import make_account, make_team, make_user
from tests.playbooks.factories import NOON, make_playbook, make_run, make_transition

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def user(client, team):
    user = make_user(team=team, role="manager")
    client.force_login(user)
    return user


def test_a_playbook_that_is_off_says_for_how_many_accounts_it_would_start(client, user, team):
    install_starter_playbooks(at=NOON)
    for _ in range(3):
        make_transition(account=make_account(team=team))
    make_transition(account=make_account())

    page = client.get(reverse("playbooks:playbook_detail", args=["at_risk_review"]))
    row = client.get(reverse("playbooks:playbook_list")).context["rows"][0]

    assert page.context["overview"].would_start == 3
    assert (str(row.playbook), row.running) == ("At-risk review", 0)
    assert row.trigger == "Health enters At risk or Critical"


def test_a_running_episode_would_not_start_again(client, user, team):
    playbook = make_playbook()
    make_transition(account=make_account(team=team))
    act_on_transitions(at=NOON)

    page = client.get(reverse("playbooks:playbook_detail", args=[playbook.key]))
    row = client.get(reverse("playbooks:playbook_list")).context["rows"][0]

    assert page.context["overview"].would_start == 0
    assert row.running == 1


def test_the_page_shows_steps_conditions_and_runs(client, user, team):
    install_starter_playbooks(at=NOON)
    playbook = make_playbook(key="mine")
    make_run(account=make_account(team=team, name="Aomine"), playbook=playbook)
    make_run(account=make_account(name="Hidden"), playbook=playbook)

    text = client.get(reverse("playbooks:playbook_detail", args=["mine"])).text

    assert "Aomine" in text
    assert "Hidden" not in text
    assert "Step read" in text


def test_managers_switch_a_playbook_on_and_off(client, user):
    playbook = make_playbook(is_active=False)
    url = reverse("playbooks:playbook_switch", args=[playbook.key])

    client.post(url, {"to": "on"})
    playbook.refresh_from_db()
    assert playbook.is_active

    client.post(url, {"to": "off"})
    playbook.refresh_from_db()
    assert not playbook.is_active


def test_switching_off_asks_first_and_says_what_open_runs_do(client, user, team):
    playbook = make_playbook()
    make_run(account=make_account(team=team), playbook=playbook)
    make_run(account=make_account(), playbook=playbook)
    page = client.get(reverse("playbooks:playbook_detail", args=[playbook.key])).text
    address = reverse("playbooks:playbook_switch", args=[playbook.key]) + "?to=off"
    assert f'href="{address}"' in page
    assert 'name="to" value="off"' not in page

    asked = client.get(address).text
    playbook.refresh_from_db()
    assert playbook.is_active
    assert "1 open run goes on" in asked

    client.post(address)
    playbook.refresh_from_db()
    assert not playbook.is_active
    assert client.get(address).status_code == 302


def test_a_run_is_stopped_from_the_list_of_its_playbook(client, user, team):
    playbook = make_playbook()
    run, done = (make_run(account=make_account(team=team), playbook=playbook) for _ in range(2))
    stop_run(run=done, at=NOON, outcome="completed")
    home = reverse("playbooks:playbook_detail", args=[playbook.key])
    stop = reverse("playbooks:run_stop", args=[run.pk]) + "?to=playbook"

    page = client.get(home).text
    answer = client.post(stop)

    assert page.count(f'href="{stop}"') == 2  # once for each width
    assert reverse("playbooks:run_stop", args=[done.pk]) not in page
    assert answer["Location"] == home
    run.refresh_from_db()
    assert run.state == "ended"


def test_who_may_change_no_runs_is_not_offered_to_stop_one(client, team):
    playbook = make_playbook()
    make_run(account=make_account(team=team), playbook=playbook)
    client.force_login(make_user(team=team, role="viewer"))

    page = client.get(reverse("playbooks:playbook_detail", args=[playbook.key])).text

    assert "/stop/" not in page


@pytest.mark.parametrize("role", ["member", "viewer", "privacy_officer"])
def test_others_do_not_switch(client, role):
    playbook = make_playbook(is_active=False)
    client.force_login(make_user(role=role))

    response = client.post(reverse("playbooks:playbook_switch", args=[playbook.key]), {"to": "on"})

    playbook.refresh_from_db()
    assert (response.status_code, playbook.is_active) == (403, False)


def test_stopping_a_run_asks_first(client, user, team):
    run = make_run(account=make_account(team=team))
    stop = reverse("playbooks:run_stop", args=[run.pk])
    page = client.get(reverse("accounts:detail", args=[run.account_id])).text
    assert f'href="{stop}"' in page
    assert f'action="{stop}"' not in page

    assert "Its open tasks are cancelled." in client.get(stop).text
    run.refresh_from_db()
    assert run.state == "running"


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_run_that_has_ended_is_not_said_to_be_stopped(client, user, team, method):
    run = make_run(account=make_account(team=team))
    stop_run(run=run, at=NOON, outcome="completed")

    page = getattr(client, method)(reverse("playbooks:run_stop", args=[run.pk]), follow=True).text

    assert "The run had ended before" in page
    assert "The run is stopped" not in page


def test_a_run_is_stopped_by_who_may_change_the_account(client, user, team):
    mine, foreign = make_run(account=make_account(team=team)), make_run(account=make_account())

    client.post(reverse("playbooks:run_stop", args=[mine.pk]))
    assert client.post(reverse("playbooks:run_stop", args=[foreign.pk])).status_code == 404

    mine.refresh_from_db()
    assert (mine.state, mine.outcome) == ("ended", "stopped")


def test_seven_runs_cost_as_many_queries_as_one(client, user, team):
    playbook = make_playbook()
    url = reverse("playbooks:playbook_detail", args=[playbook.key])

    def count():
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        return len(queries)

    make_run(account=make_account(team=team), playbook=playbook)
    count()
    first = count()
    for _ in range(6):
        make_run(account=make_account(team=team), playbook=playbook)
    assert count() == first
