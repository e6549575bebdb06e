"""Where the caller was named, over the API."""

import pytest

from accounts.models import TouchpointMention
from tests.factories import make_account, make_touchpoint, make_user

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/mentions/"


@pytest.fixture
def named(alice):
    talk = make_touchpoint(account=make_account(team=alice.teams.get()))
    return TouchpointMention.objects.create(touchpoint=talk, user=alice)


def shown(client, **asked):
    return [row["id"] for row in client.get(ADDRESS, asked).json()["results"]]


def test_ones_own_are_listed_until_they_are_seen(api, alice, named):
    client = api(alice)

    before = shown(client, seen="false")
    seen = client.post(f"{ADDRESS}{named.pk}/seen/")

    assert before == [named.pk] == shown(client, touchpoint=named.touchpoint_id)
    assert (seen.status_code, seen.json()["touchpoint"]) == (200, named.touchpoint_id)
    assert seen.json()["seen_at"]
    assert shown(client, seen="false") == []
    assert client.post(f"{ADDRESS}{named.pk}/seen/").json() == seen.json()


def test_those_of_others_do_not_exist(api, named):
    other = make_user(team=named.touchpoint.account.team)

    assert shown(api(other)) == []
    assert api(other).post(f"{ADDRESS}{named.pk}/seen/").status_code == 404


def test_who_only_looks_has_seen_it_too(api, named):
    viewer = make_user(team=named.touchpoint.account.team, role="viewer")
    own = TouchpointMention.objects.create(touchpoint=named.touchpoint, user=viewer)

    assert api(viewer).post(f"{ADDRESS}{own.pk}/seen/").status_code == 200


def test_a_page_costs_as_many_queries_however_many_there_are(
    api, alice, named, django_assert_max_num_queries
):
    for _ in range(7):
        talk = make_touchpoint(account=named.touchpoint.account)
        TouchpointMention.objects.create(touchpoint=talk, user=alice)

    client = api(alice)
    with django_assert_max_num_queries(5):
        assert len(shown(client)) == 8
