import datetime as dt

import pytest

from accounts.models import AccessPolicy, AccountRole, AccountShare, TouchpointTodo
from accounts.selectors.leavers import leavers
from accounts.selectors.quality import gaps_expression
from accounts.services.handovers import hand_over_work
from config.lib.clock import app_now
from playbooks.models import Task
from tests.factories import (
    make_account,
    make_account_role,
    make_organisation,
    make_team,
    make_touchpoint,
    make_user,
)
from tests.playbooks.factories import make_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    make_organisation()
    return make_team()


@pytest.fixture
def departed(team):
    return make_user(team=team, family_name="水野", given_name="遥", is_active=False)


@pytest.fixture
def account(team, departed):
    account = make_account(team=team)
    make_account_role(account=account, user=departed)
    return account


@pytest.fixture
def administrator(client, team):
    user = make_user(team=team, role="administrator")
    client.force_login(user)
    return user


def test_a_manager_who_left_is_named_in_the_list_and_found_by_it(
    client, administrator, account, departed
):
    make_account(team=account.team)

    page = client.get("/accounts/", {"columns": "manager", "manager": departed.pk})

    assert [row[0] for row in page.context["rows"]] == [account]
    assert page.content.decode().count("水野 遥 (no longer here)") >= 2


def test_nobody_who_left_is_offered_new_accounts(client, administrator, account, departed):
    page = client.get("/accounts/").content.decode()

    assert f'value="manager:{departed.pk}"' not in page


def test_who_left_and_handed_over_is_not_offered_any_more(client, administrator, departed):
    assert "水野" not in client.get("/accounts/").content.decode()


def test_a_colleague_who_looks_after_nothing_more_is_named_without_a_word(
    client, administrator, team
):
    viewer = make_user(team=team, role="viewer", family_name="水野", given_name="遥")
    account = make_account(team=team)
    make_account_role(account=account, user=viewer)

    page = client.get("/accounts/", {"columns": "manager"}).content.decode()

    assert "水野 遥" in page
    assert "no longer here" not in page


def test_an_account_whose_manager_left_has_none(account):
    rows = type(account).objects.annotate(gaps=gaps_expression(app_now()))
    account.status = "active"
    account.save()

    assert "manager" in rows.get(pk=account.pk).gaps


def let_go(client, leaver, **more):
    address = f"/settings/people/{leaver.pk}/"
    form = client.get(address).context["form"]
    posted = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    return client.post(address, {**posted, "is_active": "", **more}, follow=True)


@pytest.fixture
def leaver(team):
    """A colleague with a role, a to-do of a talk and a task."""
    leaver = make_user(team=team, family_name="水野", given_name="遥")
    account = make_account(team=team)
    make_account_role(account=account, user=leaver)
    make_touchpoint(account=account).todos.create(side="ours", text="見積", user=leaver)
    make_task(account=account, assignee=leaver)
    return leaver


def test_letting_somebody_go_says_what_still_hangs_on_them(client, administrator, leaver):
    answer = let_go(client, leaver)

    words = "水野 遥: 1 role on an account, 1 open to-do, 1 open task"
    assert answer.redirect_chain[-1][0] == f"/settings/people/{leaver.pk}/"
    assert words in answer.content.decode()
    assert "1 role on an account, 1 open to-do, 1 open task" in " ".join(
        client.get("/data-quality/accounts/").content.decode().split()
    )


def test_their_work_goes_to_another_on_the_same_page(client, administrator, leaver, team):
    heir, outsider = make_user(team=team), make_user(team=make_team())

    answer = let_go(client, leaver, hand_over_to=heir.pk)

    assert answer.redirect_chain[-1][0] == "/settings/people/"
    assert TouchpointTodo.objects.get().user == heir
    assert Task.objects.get().assignee == heir
    held = AccountRole.objects.get(retracted_at=None, ends_on=None)
    assert held.user == heir
    assert AccountRole.objects.filter(user=leaver).exists()
    assert outsider.account_roles.count() == 0
    words = f"{heir}: 1 role on an account, 1 open to-do, 1 open task."
    assert words in answer.content.decode()
    assert leavers() == []


def test_what_another_may_not_take_stays_and_is_told(client, administrator, leaver):
    sponsor = make_user(team=make_team())
    Task.objects.update(account=make_account())

    answer = let_go(client, leaver, hand_over_to=sponsor.pk)

    assert "水野 遥: 1 open task." in answer.content.decode()
    assert Task.objects.get().assignee == leaver


@pytest.mark.parametrize("is_held", [True, False])
def test_a_role_that_begins_later_is_handed_over_from_its_day(team, departed, is_held):
    account = make_account(team=team)
    today = app_now().date()
    begins = today + dt.timedelta(days=30)
    holder, heir = make_user(team=team), make_user(team=team)
    if is_held:
        make_account_role(account=account, user=holder, ends_on=begins)
    make_account_role(account=account, user=departed, starts_on=begins)

    hand_over_work(leaver=departed, to=heir, at=app_now())

    standing = AccountRole.objects.filter(account=account, retracted_at=None)
    assert set(standing.values_list("user", "starts_on")) == {
        *([(holder.pk, standing.earliest("starts_on").starts_on)] if is_held else []),
        (heir.pk, begins),
    }
    assert leavers() == []


@pytest.mark.parametrize("kept", ["team", "text"])
def test_a_todo_of_a_talk_the_other_may_not_read_stays(team, departed, kept):
    account, heir = make_account(team=make_team()), make_user(team=team)
    AccountShare.objects.create(account=account, user=heir)
    talk = make_touchpoint(account=account, visibility="team" if kept == "team" else "account")
    talk.todos.create(side="ours", text="見積", user=departed)
    if kept == "text":
        AccessPolicy.objects.create(
            role="member", kind="touchpoint_body", read_scope="none", write_scope="none"
        )

    hand_over_work(leaver=departed, to=heir, at=app_now())

    assert TouchpointTodo.objects.get().user == departed
