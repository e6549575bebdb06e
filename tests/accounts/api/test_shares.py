"""Who may read an account outside their reach: granted, listed and taken back over the API."""

import pytest

from accounts.models import AccountShare
from accounts.services.accounts import archive_account
from config.lib.clock import app_now
from tests.factories import make_account, make_team, make_user

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/shares/"


@pytest.fixture
def account(alice):
    return make_account(team=alice.teams.get())


def test_a_colleague_sees_an_account_from_the_grant_to_its_end(api, alice, charlie, account):
    record = f"/api/v1/accounts/{account.pk}/"
    assert api(charlie).get(record).status_code == 404

    made = api(alice).post(ADDRESS, {"account": account.pk, "user": charlie.pk})
    assert api(charlie).get(record).status_code == 200

    ended = api(alice).delete(f"{ADDRESS}{made.json()['id']}/")
    assert (made.status_code, ended.status_code) == (201, 204)
    assert made.json() | {"id": 0, "created_at": ""} == {
        "id": 0,
        "account": account.pk,
        "user": charlie.pk,
        "team": None,
        "created_at": "",
    }
    assert api(charlie).get(record).status_code == 404


def test_shares_are_listed_by_account_person_and_team(api, alice, charlie, account):
    other = make_account(team=account.team, search_text="lumen")
    person = AccountShare.objects.create(account=account, user=charlie)
    team = AccountShare.objects.create(account=other, team=make_team())

    def listed(**asked):
        return [row["id"] for row in api(alice).get(ADDRESS, asked).json()["results"]]

    assert listed() == [person.pk, team.pk]
    assert listed(account=account.pk) == listed(user=charlie.pk) == [person.pk]
    assert listed(team=team.team_id) == [team.pk]
    assert listed(search="Lumen") == [team.pk]


def test_the_same_share_again_is_the_one_there_is(api, alice, charlie, account):
    asked = {"account": account.pk, "user": charlie.pk}

    first, again = (api(alice).post(ADDRESS, asked) for _ in range(2))

    assert (first.status_code, again.status_code, again.json()) == (201, 200, first.json())
    assert AccountShare.objects.count() == 1


def test_a_share_names_one_of_person_and_team(api, alice, charlie, account):
    neither = api(alice).post(ADDRESS, {"account": account.pk})
    both = api(alice).post(
        ADDRESS, {"account": account.pk, "user": charlie.pk, "team": make_team().pk}
    )

    assert (neither.status_code, both.status_code) == (400, 400)
    assert not AccountShare.objects.exists()


@pytest.mark.parametrize(
    ("member", "value"), [("account", "x"), ("user", "x"), ("user", 0), ("team", 10**30)]
)
def test_what_names_nobody_is_refused_by_its_place(api, alice, charlie, account, member, value):
    answer = api(alice).post(ADDRESS, {"account": account.pk, "user": charlie.pk, member: value})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == f"/{member}"


def test_somebody_who_left_is_shown_nothing(api, alice, account):
    gone = make_user(is_active=False)

    answer = api(alice).post(ADDRESS, {"account": account.pk, "user": gone.pk})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/user")


def test_a_foreign_account_is_shared_by_nobody_and_its_shares_do_not_exist(api, alice, charlie):
    foreign = make_account()
    share = AccountShare.objects.create(account=foreign, user=charlie)

    made = api(alice).post(ADDRESS, {"account": foreign.pk, "user": alice.pk})

    assert (made.status_code, made.json()["errors"][0]["pointer"]) == (400, "/account")
    assert api(alice).get(ADDRESS).json()["results"] == []
    assert api(alice).get(f"{ADDRESS}{share.pk}/").status_code == 404
    assert api(alice).delete(f"{ADDRESS}{share.pk}/").status_code == 404
    assert api(alice).get(ADDRESS, {"account": foreign.pk}).status_code == 400


def test_an_archived_account_is_shown_to_nobody_more(api, alice, charlie, account):
    archive_account(account=account, at=app_now())

    answer = api(alice).post(ADDRESS, {"account": account.pk, "user": charlie.pk})

    assert (answer.status_code, answer.json()["code"]) == (409, "account_archived")


def test_who_only_looks_shares_nothing(api, alice, charlie, account):
    share = AccountShare.objects.create(account=account, user=charlie)
    viewer = make_user(team=account.team, role="viewer")

    made = api(viewer).post(ADDRESS, {"account": account.pk, "user": viewer.pk})
    ended = api(viewer).delete(f"{ADDRESS}{share.pk}/")

    assert (made.status_code, ended.status_code) == (403, 403)
    assert AccountShare.objects.get() == share


def test_a_share_ends_only_as_it_was_read(api, alice, charlie, account):
    share = AccountShare.objects.create(account=account, user=charlie)
    address = f"{ADDRESS}{share.pk}/"
    tag = api(alice).get(address)["ETag"]

    stale = api(alice).delete(address, headers={"If-Match": '"0-0"'})
    changed = api(alice).patch(address, {"team": make_team().pk})
    ended = api(alice).delete(address, headers={"If-Match": tag})

    assert (stale.status_code, changed.status_code, ended.status_code) == (412, 405, 204)


def test_a_share_sent_twice_under_one_key_is_made_once(api, alice, charlie, account):
    asked, key = {"account": account.pk, "user": charlie.pk}, {"Idempotency-Key": "one"}

    first, again = (api(alice).post(ADDRESS, asked, headers=key) for _ in range(2))
    other = api(alice).post(ADDRESS, asked | {"user": alice.pk}, headers=key)

    assert first.json() == again.json()
    assert (other.status_code, AccountShare.objects.count()) == (409, 1)
