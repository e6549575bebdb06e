import datetime as dt
import re

import pytest

from accounts.models import AccountRole, AccountShare
from tests.factories import (
    make_account,
    make_account_role,
    make_organisation,
    make_team,
    make_user,
    our_day,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(client):
    make_organisation()
    team = make_team()
    client.force_login(make_user(team=team))
    return make_account(team=team)


def test_a_handover_may_lie_ahead_and_shows_who_takes_over(client, account):
    before, after = make_user(), make_user()
    make_account_role(account=account, user=before)
    day = our_day() + dt.timedelta(days=10)

    client.post(
        f"/accounts/{account.pk}/roles/assign/",
        {"role": "account_manager", "user": after.pk, "on": day},
    )

    side = client.get(f"/accounts/{account.pk}/roles/").context["side"]
    assert [(fact.user, fact.ends_on) for fact in side.now] == [(before, day)]
    assert [(fact.user, fact.starts_on) for fact in side.ahead] == [(after, day)]


def test_a_role_ends_and_stays_in_the_history(client, account):
    role = make_account_role(account=account, user=make_user())
    today = our_day()

    client.post(f"/accounts/{account.pk}/roles/{role.pk}/end/", {"on": today})

    side = client.get(f"/accounts/{account.pk}/roles/").context["side"]
    assert not side.now
    assert [fact.user for fact in side.past] == [role.user]
    assert AccountRole.objects.current().get().ends_on == today


def test_a_share_names_one_of_person_and_team(client, account):
    address = f"/accounts/{account.pk}/shares/new/"

    neither = client.post(address, {})
    both = client.post(address, {"user": make_user().pk, "team": make_team().pk})
    client.post(address, {"team": make_team().pk})

    assert neither.context["form"].errors
    assert both.context["form"].errors
    share = AccountShare.objects.get()
    client.post(f"/accounts/{account.pk}/shares/{share.pk}/end/")
    assert not AccountShare.objects.exists()


def test_a_share_of_another_account_does_not_exist(client, account):
    share = AccountShare.objects.create(account=make_account(), team=make_team())

    response = client.post(f"/accounts/{account.pk}/shares/{share.pk}/end/")

    assert response.status_code == 404


def test_the_account_page_says_who_looks_after_it(client, account):
    make_account_role(account=account, user=make_user(family_name="三浦", given_name="悠"))

    response = client.get(f"/accounts/{account.pk}/")

    assert response.context["head_roles"] == [("Account manager", "三浦 悠")]


def test_who_may_only_look_holds_no_role_of_work(client, account):
    viewer = make_user(role="viewer")
    address = f"/accounts/{account.pk}/roles/assign/"
    form = {"user": viewer.pk, "on": our_day()}

    refused = client.post(address, {**form, "role": "account_manager"})
    client.post(address, {**form, "role": "executive_sponsor"})

    assert "may only look" in refused.content.decode()
    assert [role.role for role in account.roles.all()] == ["executive_sponsor"]


def test_who_may_only_look_is_offered_as_sponsor_alone(client, account):
    make_user(family_name="本間", given_name="薫", role="viewer")
    make_user(family_name="佐伯", given_name="直人")

    page = client.get(f"/accounts/{account.pk}/roles/assign/").text

    assert re.findall(r">[^<]+ \(executive sponsor only\)<", page) == [
        ">本間 薫 (executive sponsor only)<"
    ]
