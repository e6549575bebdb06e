import datetime as dt
import json

import pytest
from django.db import connection
from django.db.models import Value
from django.test.utils import CaptureQueriesContext

from accounts.models import AccessPolicy, Account, AccountShare, TeamMembership
from accounts.registry import Field, fields
from tests.factories import (
    make_account,
    make_account_role,
    make_contract,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db


def test_a_list_holds_what_the_caller_sees_and_nothing_else(api, alice):
    own = make_account(team=alice.teams.get())
    make_account()

    answer = api(alice).get("/api/v1/accounts/").json()

    assert [row["id"] for row in answer["results"]] == [own.pk]
    assert (answer["next"], answer["previous"]) == (None, None)


def test_a_foreign_account_does_not_exist(api, alice):
    foreign = make_account()

    answer = api(alice).get(f"/api/v1/accounts/{foreign.pk}/")

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_found"


def test_a_membership_acts_on_the_next_request(api, alice):
    foreign = make_account()
    client = api(alice)
    assert client.get(f"/api/v1/accounts/{foreign.pk}/").status_code == 404

    TeamMembership.objects.create(team=foreign.team, user=alice)
    assert client.get(f"/api/v1/accounts/{foreign.pk}/").status_code == 200

    TeamMembership.objects.filter(team=foreign.team).delete()
    assert client.get(f"/api/v1/accounts/{foreign.pk}/").status_code == 404


def test_an_account_is_made_shown_changed_and_archived(api, alice):
    team = alice.teams.get()
    client = api(alice)

    made = client.post("/api/v1/accounts/", {"name": "株式会社青嶺精機", "team": team.pk})
    assert made.status_code == 201
    assert made.json()["status"] == "active"
    address = f"/api/v1/accounts/{made.json()['id']}/"

    changed = client.patch(address, {"phase": "renewal", "domains": ["Aomine.example"]})
    assert changed.status_code == 200
    assert (changed.json()["phase"], changed.json()["domains"]) == ("renewal", ["aomine.example"])

    assert client.delete(address).status_code == 204
    assert client.get("/api/v1/accounts/").json()["results"] == []
    assert client.get("/api/v1/accounts/?archived=true").json()["results"][0]["archived_at"]


def test_what_comes_from_contracts_is_not_written(api, alice):
    account = make_account(team=alice.teams.get())
    make_contract(account=account)

    answer = api(alice).patch(f"/api/v1/accounts/{account.pk}/", {"arr": "5", "mrr": "5"})

    assert answer.status_code == 200
    assert (answer.json()["arr"], answer.json()["mrr"]) == ("0.00", "0.00")


def test_a_foreign_parent_is_as_unknown_as_an_invented_one(api, alice):
    account = make_account(team=alice.teams.get())
    client = api(alice)
    address = f"/api/v1/accounts/{account.pk}/"

    foreign = client.patch(address, {"parent": make_account().pk})
    invented = client.patch(address, {"parent": 10**12})

    assert foreign.status_code == invented.status_code == 400
    assert foreign.json()["errors"][0]["pointer"] == "/parent"
    foreign_text = foreign.json()["errors"][0]["detail"]
    assert "does not exist" in foreign_text


def test_a_cycle_is_a_conflict_that_names_the_field(api, alice):
    top = make_account(team=alice.teams.get())
    below = make_account(team=top.team, parent=top)

    answer = api(alice).patch(f"/api/v1/accounts/{top.pk}/", {"parent": below.pk})

    assert answer.status_code == 409
    assert answer.json()["errors"][0]["pointer"] == "/parent"


def test_a_change_based_on_an_old_version_is_refused(api, alice):
    account = make_account(team=alice.teams.get())
    client = api(alice)
    address = f"/api/v1/accounts/{account.pk}/"
    seen = client.get(address)["ETag"]

    assert client.patch(address, {"name": "A"}, headers={"If-Match": seen}).status_code == 200
    late = client.patch(address, {"name": "B"}, headers={"If-Match": seen})

    assert late.status_code == 412
    assert Account.objects.get().name == "A"


def test_a_repeated_post_with_the_same_key_makes_one_account(api, alice):
    client = api(alice)
    body = {"name": "Once", "team": alice.teams.get().pk}

    first = client.post("/api/v1/accounts/", body, headers={"Idempotency-Key": "k"})
    again = client.post("/api/v1/accounts/", body, headers={"Idempotency-Key": "k"})
    other = client.post(
        "/api/v1/accounts/", body | {"name": "Two"}, headers={"Idempotency-Key": "k"}
    )

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 409)
    assert first.json() == again.json()
    assert Account.objects.count() == 1


def test_who_only_reads_is_refused_and_who_sees_more_than_they_write_too(api):
    viewer = make_user(team=make_team(), role="viewer")
    own = make_account(team=viewer.teams.get())
    AccessPolicy.objects.create(
        role="member", kind="account", read_scope="all", write_scope="own_team"
    )
    member = make_user(team=make_team())

    for caller in (viewer, member):
        answer = api(caller).patch(f"/api/v1/accounts/{own.pk}/", {"name": "X"})
        assert answer.status_code == 403
        assert answer.json()["code"] == "permission_denied"


def test_roles_are_assigned_and_shown(api, alice):
    account = make_account(team=alice.teams.get())
    address = f"/api/v1/accounts/{account.pk}/roles/"

    given = api(alice).post(address, {"role": "account_manager", "user": alice.pk})
    assert [role["user"] for role in given.json()["roles"]] == [alice.pk]

    taken = api(alice).post(address, {"role": "account_manager", "user": None})
    assert taken.json()["roles"] == []


@pytest.mark.parametrize("key", ["manager", "account_owner", "deputy"])
def test_accounts_by_who_holds_a_role_today(api, alice, key):
    held, other = (make_account(team=alice.teams.get()) for _ in range(2))
    role = "account_manager" if key == "manager" else key
    make_account_role(account=held, user=alice, role=role)
    make_account_role(account=other, user=make_user(), role=role)

    answer = api(alice).get("/api/v1/accounts/", {key: alice.pk}).json()

    assert [row["id"] for row in answer["results"]] == [held.pk]


def test_accounts_between_two_amounts(api, alice):
    rows = [make_account(team=alice.teams.get(), arr=arr) for arr in (100, 200, 300)]

    answer = api(alice).get("/api/v1/accounts/", {"arr_min": 150, "arr_max": 250}).json()

    assert [row["id"] for row in answer["results"]] == [rows[1].pk]


def test_search_folds_width_and_kana_and_filters_narrow(api, alice):
    team = alice.teams.get()
    client = api(alice)
    for name, tier in (("さくらトレード", "a"), ("サクラ商事", "b"), ("Momiji", "a")):
        client.post("/api/v1/accounts/", {"name": name, "team": team.pk, "tier": tier})

    found = client.get("/api/v1/accounts/?search=サクラ").json()["results"]
    top = client.get("/api/v1/accounts/?search=ｓａｋｕ").json()["results"]
    narrowed = client.get("/api/v1/accounts/?search=さくら&tier=b").json()["results"]

    assert {row["name"] for row in found} == {"さくらトレード", "サクラ商事"}
    assert top == []
    assert [row["name"] for row in narrowed] == ["サクラ商事"]


def test_pages_follow_each_other_in_the_asked_order(api, alice):
    team = alice.teams.get()
    for number in range(5):
        day = None if number == 0 else dt.date(2026, 1, number)
        make_account(team=team, renewal_on=day, name_kana=str(number))
    client = api(alice)

    first = client.get("/api/v1/accounts/?ordering=-renewal_on&page_size=3").json()
    second = client.get(first["next"]).json()

    seen = [row["name_kana"] for row in first["results"] + second["results"]]
    assert seen == ["4", "3", "2", "1", "0"]


def test_upper_apps_add_members_and_the_policy_may_hide_them(api, alice):
    account = make_account(team=alice.teams.get())
    field = Field("ticket.score", "number", "Score", "scoring", lambda at: Value(61.5))

    with fields.register_temporarily("ticket.score", field):
        shown = api(alice).get(f"/api/v1/accounts/{account.pk}/").json()
        AccessPolicy.objects.create(
            role="member", kind="ticket", read_scope="none", write_scope="none"
        )
        hidden = api(alice).get(f"/api/v1/accounts/{account.pk}/").json()

    assert shown["ticket"]["score"] == 61.5
    assert hidden["ticket"] is None


def queries(client, address):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_seven_accounts_cost_as_many_queries_as_one(api, alice, bob):
    team = alice.teams.get()

    def add():
        account = make_account(team=team)
        account.domains.create(domain="a.example")
        make_account_role(account=account, user=bob)
        AccountShare.objects.create(account=account, user=bob)

    add()
    one = queries(api(alice), "/api/v1/accounts/")
    for _ in range(6):
        add()
    assert queries(api(alice), "/api/v1/accounts/") == one <= 9


def test_what_the_caller_does_not_see_can_not_order_the_list(api, alice):
    AccessPolicy.objects.create(
        role=alice.role, kind="health", read_scope="none", write_scope="none"
    )

    answer = api(alice).get("/api/v1/accounts/", {"ordering": "-health.score"})

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_page_request")


@pytest.mark.django_db(transaction=True)
def test_actions_compare_versions_like_any_write(api, alice):
    account = make_account(team=alice.teams.get())
    client, address = api(alice), f"/api/v1/accounts/{account.pk}/"
    role = {"role": "account_manager", "user": alice.pk}
    version = client.get(address)["ETag"]

    stale = client.post(f"{address}roles/", role, headers={"If-Match": '"1-1"'})
    fresh = client.post(f"{address}roles/", role, headers={"If-Match": version})

    assert (stale.status_code, fresh.status_code) == (412, 200)


def test_an_account_goes_only_to_a_team_within_the_writers_reach(api, alice):
    own, foreign = alice.teams.get(), make_team()
    account = make_account(team=own)
    address = f"/api/v1/accounts/{account.pk}/"

    moved = api(alice).patch(address, {"team": foreign.pk})
    made = api(alice).post("/api/v1/accounts/", {"name": "Elsewhere", "team": foreign.pk})
    kept = api(alice).patch(address, {"team": own.pk})

    assert (moved.status_code, made.status_code, kept.status_code) == (400, 400, 200)
    assert moved.json()["errors"][0]["pointer"] == "/team"
    account.refresh_from_db()
    assert account.team == own


def test_an_account_someone_only_holds_may_keep_its_team(api, alice):
    foreign = make_team()
    account = make_account(team=foreign)
    make_account_role(account=account, user=alice)

    answer = api(alice).patch(f"/api/v1/accounts/{account.pk}/", {"team": foreign.pk})

    assert answer.status_code == 200


def test_whoever_writes_company_wide_moves_accounts_to_any_team(api, alice):
    AccessPolicy.objects.create(role="member", kind="account", read_scope="all", write_scope="all")
    account, elsewhere = make_account(team=alice.teams.get()), make_team()

    answer = api(alice).patch(f"/api/v1/accounts/{account.pk}/", {"team": elsewhere.pk})

    assert answer.status_code == 200
    account.refresh_from_db()
    assert account.team == elsewhere


def test_figures_of_a_group_count_only_accounts_that_fulfil_a_rule(api, alice):
    parent = make_account(team=alice.teams.get())
    for tier in ("a", "b"):
        make_account(team=parent.team, parent=parent, tier=tier)
    rules = {"combinator": "and", "rules": [{"field": "tier", "operator": "=", "value": "a"}]}
    address = f"/api/v1/accounts/{parent.pk}/rollup/"

    answer = api(alice).get(address, {"measure": "count:tier", "filter": json.dumps(rules)})

    assert answer.status_code == 200
    assert [figure["value"] for figure in answer.json()["values"]] == [1]
