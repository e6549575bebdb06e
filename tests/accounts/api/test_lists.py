"""Saved views and static lists over the API."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AccessPolicy, DefaultView, ListMember, SavedView, Segment, StaticList
from scoring.models import HealthCurrent
from tests.factories import make_account, make_organisation, make_team, make_user

pytestmark = pytest.mark.django_db
VIEW = {"list_key": "accounts", "name": "Large and quiet", "query": "tier=a&sort=-arr&cursor=x"}


@pytest.fixture
def mine(alice, api):
    make_organisation()
    return api(alice)


def test_a_view_is_kept_without_the_page_it_was_on(mine, alice):
    made = mine.post("/api/v1/views/", VIEW)

    assert made.status_code == 201
    assert made.json()["query"] == "tier=a&sort=-arr"
    assert made.json()["owner"] == alice.pk


def test_a_view_of_a_list_nobody_knows_is_refused(mine):
    answer = mine.post("/api/v1/views/", VIEW | {"list_key": "secrets"})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/list_key"


@pytest.mark.parametrize(("sharing", "theirs"), [("private", 404), ("team", 200), ("all", 200)])
def test_a_view_is_seen_by_whom_it_is_shared_with(mine, alice, bob, api, sharing, theirs):
    team = alice.teams.get().pk if sharing == "team" else None
    made = mine.post("/api/v1/views/", VIEW | {"sharing": sharing, "team": team}, format="json")
    address = f"/api/v1/views/{made.json()['id']}/"

    assert mine.get(address).status_code == 200
    assert api(bob).get(address).status_code == theirs


def test_a_view_of_another_team_does_not_exist(mine, alice, charlie, api):
    made = mine.post(
        "/api/v1/views/", VIEW | {"sharing": "team", "team": alice.teams.get().pk}
    ).json()

    assert api(charlie).get(f"/api/v1/views/{made['id']}/").status_code == 404


def test_only_its_owner_changes_a_view_that_all_see(mine, bob, api):
    made = mine.post("/api/v1/views/", VIEW | {"sharing": "all"}).json()
    address = f"/api/v1/views/{made['id']}/"

    assert api(bob).patch(address, {"name": "Mine now"}).status_code == 403
    assert mine.patch(address, {"name": "Renamed"}).json()["name"] == "Renamed"
    assert mine.delete(address).status_code == 204
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("body", [{"sharing": "team"}, {"sharing": "all", "team": 1}])
def test_a_team_is_named_exactly_where_one_is_meant(mine, alice, body):
    if "team" in body:
        body["team"] = alice.teams.get().pk

    answer = mine.post("/api/v1/views/", VIEW | body, format="json")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/team"


def test_accounts_go_on_a_list_and_off_again_with_a_result_each(mine, alice):
    team = alice.teams.get()
    first, second, foreign = make_account(team=team), make_account(team=team), make_account()
    made = mine.post("/api/v1/lists/", {"name": "Event in June"}).json()
    address = f"/api/v1/lists/{made['id']}/"

    added = mine.post(
        f"{address}members/", {"add": [first.pk, second.pk, foreign.pk]}, format="json"
    )
    again = mine.post(
        f"{address}members/", {"add": [first.pk], "remove": [second.pk]}, format="json"
    )

    outcomes = [line["outcome"] for line in added.json()["results"]]
    assert outcomes == ["added", "added", "not_found"]
    assert [line["outcome"] for line in again.json()["results"]] == ["unchanged", "removed"]
    assert mine.get(address).json()["accounts"] == 1
    found = mine.get("/api/v1/accounts/", {"list": made["id"]}).json()["results"]
    assert [row["id"] for row in found] == [first.pk]


def test_a_list_tells_only_of_accounts_the_reader_sees(mine, alice, charlie, api):
    made = mine.post("/api/v1/lists/", {"name": "All", "sharing": "all"}).json()
    account = make_account(team=alice.teams.get())
    mine.post(f"/api/v1/lists/{made['id']}/members/", {"add": [account.pk]}, format="json")

    assert api(charlie).get(f"/api/v1/lists/{made['id']}/").json()["accounts"] == 0
    assert api(charlie).get(f"/api/v1/accounts/?list={made['id']}").json()["results"] == []


def test_many_accounts_go_on_a_list_in_as_many_queries_as_one(mine, alice):
    made = mine.post("/api/v1/lists/", {"name": "Many"}).json()
    pks = [make_account(team=alice.teams.get()).pk for _ in range(30)]
    address = f"/api/v1/lists/{made['id']}/members/"
    with CaptureQueriesContext(connection) as one:
        mine.post(address, {"add": pks[:1]}, format="json")
    with CaptureQueriesContext(connection) as many:
        mine.post(address, {"add": pks[1:]}, format="json")

    assert len(one) == len(many)
    assert ListMember.objects.count() == 30


def test_an_archived_list_is_gone_but_not_forgotten(mine):
    made = mine.post("/api/v1/lists/", {"name": "Old"}).json()

    assert mine.delete(f"/api/v1/lists/{made['id']}/").status_code == 204
    assert mine.get(f"/api/v1/lists/{made['id']}/").status_code == 404
    assert StaticList.objects.get().archived_at


def test_a_viewer_keeps_no_views(alice, api):
    viewer = make_user(team=alice.teams.get(), role="viewer")

    assert api(viewer).post("/api/v1/views/", VIEW).status_code == 403


def test_a_segment_tells_nobody_of_a_band_they_may_not_see(alice, api):
    make_organisation()
    AccessPolicy.objects.create(role="member", kind="health", read_scope="none", write_scope="none")
    account = make_account(team=alice.teams.get())
    HealthCurrent.objects.create(
        account=account, score=33, band="critical", coverage=1, confidence=90, kind="official"
    )
    rule = {
        "combinator": "and",
        "rules": [{"field": "health.band", "operator": "=", "value": "critical"}],
    }
    segment = Segment.objects.create(key="red", name_en="Red", name_ja="赤", rule=rule)

    assert api(alice).get(f"/api/v1/accounts/?segment={segment.pk}").json()["results"] == []
    boss = make_user(team=make_team(), role="administrator")
    assert len(api(boss).get(f"/api/v1/accounts/?segment={segment.pk}").json()["results"]) == 1


def test_a_shared_view_opens_ones_own_list_and_nobody_elses(api, alice):
    other = make_user(team=alice.teams.get())
    view = SavedView.objects.create(list_key="accounts", name="A", owner=other, sharing="all")
    address = f"/api/v1/views/{view.pk}/"

    opened = api(alice).post(f"{address}default/", {"is_default": True})

    assert (opened.status_code, opened.json()["is_default"]) == (200, True)
    assert api(alice).get(address).json()["is_default"] is True
    assert api(other).get(address).json()["is_default"] is False
    closed = api(alice).post(f"{address}default/", {"is_default": False})
    assert closed.json()["is_default"] is False
    assert not DefaultView.objects.exists()


def test_a_view_nobody_shares_opens_no_list(api, alice):
    view = SavedView.objects.create(list_key="accounts", name="A", owner=make_user())

    answer = api(alice).post(f"/api/v1/views/{view.pk}/default/", {"is_default": True})

    assert answer.status_code == 404
