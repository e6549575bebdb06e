"""Who hands a role over is told what is open with the predecessor, and hands it over, too."""

import datetime as dt

import pytest

from accounts.models import AccessPolicy, TouchpointTodo
from playbooks.models import Task
from tests.factories import (
    make_account,
    make_account_role,
    make_organisation,
    make_team,
    make_touchpoint,
    make_user,
    our_day,
)
from tests.playbooks.factories import make_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    make_organisation()
    return make_team()


@pytest.fixture
def before(team):
    return make_user(team=team, family_name="三浦", given_name="悠")


@pytest.fixture
def after(team):
    return make_user(team=team, family_name="佐伯", given_name="直人")


@pytest.fixture
def account(client, team, before):
    client.force_login(make_user(team=team))
    account = make_account(team=team)
    make_account_role(account=account, user=before)
    return account


@pytest.fixture
def work(account, before):
    """Two tasks and a to-do of the account, and a task and a to-do of another."""
    other = make_account(team=account.team)
    tasks = [make_task(account=account, assignee=before) for _number in range(2)]
    todo = _todo(account, before)
    make_task(account=other, assignee=before)
    _todo(other, before)
    return [*tasks, todo]


def _todo(account, user):
    talk = make_touchpoint(account=account)
    return TouchpointTodo.objects.create(touchpoint=talk, side="ours", text="x", user=user)


def _held(user):
    return (
        Task.objects.filter(assignee=user).count(),
        TouchpointTodo.objects.filter(user=user).count(),
    )


def assign(client, account, user, **fields):
    values = {"role": "account_manager", "user": user.pk, "on": our_day(), **fields}
    return client.post(f"/accounts/{account.pk}/roles/assign/", values, follow=True)


def test_the_form_offers_the_open_work_of_who_holds_a_role(client, account, work):
    page = client.get(f"/accounts/{account.pk}/roles/assign/").content.decode()

    assert "三浦 悠 (Account manager): 1 open to-do, 2 open tasks" in page
    assert 'name="with_work" ' in page
    assert "checked" in page.split('name="with_work"')[1].split(">")[0]


def test_the_form_offers_nothing_where_nothing_is_open(client, account):
    assert "with_work" not in client.get(f"/accounts/{account.pk}/roles/assign/").content.decode()


def test_open_work_of_the_account_goes_with_the_role(client, account, before, after, work):
    said = assign(client, account, after, with_work="on").content.decode()

    assert (_held(after), _held(before)) == ((2, 1), (1, 1))
    assert "Handed over to 佐伯 直人: " in said


def test_who_keeps_the_work_is_told_how_much_stays(client, account, before, after, work):
    said = assign(client, account, after).content.decode()

    assert _held(after) == (0, 0)
    assert "Still with 三浦 悠: " in said
    assert "2 open tasks" in said


def test_a_role_nobody_held_hands_nothing_over(client, account, before, after, work):
    assign(client, account, after, role="deputy", with_work="on")
    assert _held(after) == (0, 0)


def test_the_same_holder_again_hands_nothing_over(client, account, before, work):
    said = assign(client, account, before, with_work="on").content.decode()
    assert "Still with" not in said
    assert _held(before) == (3, 2)


def test_what_the_other_does_not_see_stays_and_is_told(client, account, before, work):
    stranger = make_user(team=make_team())
    later = our_day() + dt.timedelta(days=9)

    said = assign(client, account, stranger, on=later, with_work="on").content.decode()

    assert _held(stranger) == (0, 0)
    assert "Still with 三浦 悠: " in said


def test_who_may_change_no_tasks_hands_none_over(client, account, before, after, work):
    AccessPolicy.objects.update_or_create(
        role="member", kind="task", defaults={"read_scope": "all", "write_scope": "none"}
    )
    assign(client, account, after, with_work="on")
    assert _held(after) == (0, 1)


def test_a_private_talk_is_neither_counted_nor_handed_over(client, account, before, after):
    draft = make_touchpoint(account=account, is_draft=True, created_by=before)
    TouchpointTodo.objects.create(touchpoint=draft, side="ours", text="x", user=before)

    page = client.get(f"/accounts/{account.pk}/roles/assign/").content.decode()
    assign(client, account, after, with_work="on")

    assert "with_work" not in page
    assert _held(after) == (0, 0)


@pytest.mark.parametrize(("asked", "given"), [({}, (0, 0)), ({"with_work": True}, (2, 1))])
def test_rest_hands_the_work_over_where_it_is_asked_to(api, account, after, work, asked, given):
    client = api(make_user(team=account.team))
    body = {"role": "account_manager", "user": after.pk, **asked}

    answer = client.post(f"/api/v1/accounts/{account.pk}/roles/", body, format="json")

    assert answer.status_code == 200
    assert _held(after) == given
