"""When alerts open, over the API."""

import pytest

from scoring.models import AlertRule
from tests.factories import make_organisation, make_team, make_user

pytestmark = pytest.mark.django_db
RULES = "/api/v1/alert-rules/"
DECLINE = f"{RULES}decline/"


@pytest.fixture(params=["administrator", "manager"])
def steering(request, api):
    make_organisation()
    return api(make_user(role=request.param, team=make_team()))


def test_a_rule_is_read_and_changed(steering):
    before = steering.get(DECLINE).json()

    changed = steering.patch(DECLINE, {"threshold": 12, "is_active": False})

    assert before == {
        "key": "decline",
        "is_active": True,
        "threshold": 5.0,
        "cool_down_days": 14,
        "lowest": 5.0,
        "highest": 60.0,
    }
    assert changed.json() == before | {"threshold": 12.0, "is_active": False}
    assert changed.json() in steering.get(RULES).json()["results"]
    assert len(steering.get(RULES).json()["results"]) == 5


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"threshold": 4}, "/threshold"),
        ({"threshold": 61}, "/threshold"),
        ({"threshold": "a"}, "/threshold"),
        ({"cool_down_days": 91}, "/cool_down_days"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_place(steering, body, pointer):
    answer = steering.patch(DECLINE, body)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)
    assert not AlertRule.objects.exists()
    assert steering.get(f"{RULES}thunder/").status_code == 404


def test_a_band_is_no_half_one(steering):
    for threshold in (0.5, "nan"):
        assert steering.patch(f"{RULES}crossing/", {"threshold": threshold}).status_code == 400


def test_who_was_first(steering):
    seen = steering.get(DECLINE)["ETag"]

    first = steering.patch(DECLINE, {"threshold": 9}, headers={"If-Match": seen})
    late = steering.patch(DECLINE, {"threshold": 8}, headers={"If-Match": seen})

    assert (first.status_code, late.status_code) == (200, 412)


@pytest.mark.parametrize("role", ["member", "viewer", "privacy_officer"])
def test_others_read_them(api, role):
    make_organisation()
    client = api(make_user(role=role, team=make_team()))

    assert client.get(DECLINE).status_code == 200
    assert client.patch(DECLINE, {"threshold": 9}).status_code == 403
