"""Segments over the API, and accounts by segment."""

import pytest

from accounts.models import Segment, SegmentMembership
from tests.factories import make_account, make_organisation, make_user

pytestmark = pytest.mark.django_db

TIER_A = {
    "combinator": "and",
    "rules": [{"field": "tier", "operator": "=", "value": "a"}],
}
LARGE = {"key": "large", "name_en": "Large", "name_ja": "大口", "rule": TIER_A}


@pytest.fixture
def admin(api):
    make_organisation()
    return api(make_user(role="administrator"))


def test_a_segment_is_made_changed_and_taken_away(admin):
    account = make_account(tier="a")
    made = admin.post("/api/v1/segments/", LARGE)
    assert made.status_code == 201
    address = f"/api/v1/segments/{made.json()['id']}/"
    assert SegmentMembership.objects.get(left_at=None).account == account

    changed = admin.patch(address, {"name_en": "Big"})
    assert (changed.json()["name_en"], changed.json()["rule"]) == ("Big", TIER_A)

    assert admin.delete(address).status_code == 204
    assert admin.get(address).status_code == 404
    assert not SegmentMembership.objects.filter(left_at=None).exists()


def test_a_wrong_rule_is_named_by_a_pointer_into_the_tree(admin):
    rule = {"combinator": "and", "rules": [TIER_A["rules"][0], {"field": "salary"}]}
    answer = admin.post("/api/v1/segments/", LARGE | {"rule": rule})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"].startswith("/rule/rules/1")
    assert not Segment.objects.exists()


def test_a_key_is_unique_and_stays(admin):
    made = admin.post("/api/v1/segments/", LARGE).json()
    assert admin.post("/api/v1/segments/", LARGE).json()["errors"][0]["pointer"] == "/key"
    answer = admin.patch(f"/api/v1/segments/{made['id']}/", {"key": "other"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/key")


def test_only_administrators_change_segments(admin, api, alice):
    made = admin.post("/api/v1/segments/", LARGE).json()
    client = api(alice)
    assert client.get(f"/api/v1/segments/{made['id']}/").status_code == 200
    assert client.post("/api/v1/segments/", LARGE | {"key": "mine"}).status_code == 403
    assert client.patch(f"/api/v1/segments/{made['id']}/", {"name_en": "x"}).status_code == 403


def test_accounts_are_filtered_by_a_segment_within_reach(admin, api, alice):
    number = admin.post("/api/v1/segments/", LARGE).json()["id"]
    mine = make_account(tier="a", team=alice.teams.get())
    make_account(tier="c", team=alice.teams.get())
    make_account(tier="a")
    rows = api(alice).get(f"/api/v1/accounts/?segment={number}").json()["results"]
    assert [row["id"] for row in rows] == [mine.pk]


@pytest.mark.parametrize("number", ["0", "x"])
def test_a_segment_that_is_not_there_is_refused_by_name(admin, number):
    answer = admin.get(f"/api/v1/accounts/?segment={number}")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/segment")
