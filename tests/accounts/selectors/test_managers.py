import pytest

from accounts.selectors.quality import gaps_expression
from config.lib.clock import app_now
from tests.factories import (
    make_account,
    make_account_role,
    make_organisation,
    make_team,
    make_user,
)

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


def test_letting_somebody_go_leads_to_the_accounts_they_leave(client, administrator, team):
    leaver = make_user(team=team, family_name="水野", given_name="遥")
    make_account_role(account=make_account(team=team), user=leaver)
    form = client.get(f"/settings/people/{leaver.pk}/").context["form"]
    posted = {name: form[name].value() for name in form.fields if form[name].value() is not None}

    answer = client.post(f"/settings/people/{leaver.pk}/", {**posted, "is_active": ""}, follow=True)

    assert answer.redirect_chain[-1][0] == f"/accounts/?manager={leaver.pk}"
    assert "still manages 1 account" in answer.content.decode()
    assert (
        "still manages 1 account" in client.get(f"/settings/people/{leaver.pk}/").content.decode()
    )
