"""What is asked of accounts of each touch model: read on any day, changed from the next one on."""

import datetime as dt

import pytest

from accounts.models import TouchExpectation
from tests.factories import make_organisation, make_user, our_day

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/touch-models/"
HIGH = f"{ADDRESS}high/"
DAY = dt.timedelta(days=1)


@pytest.fixture
def boss():
    make_organisation()
    return make_user(role="administrator")


def test_everybody_reads_what_each_touch_model_asks(api, alice):
    make_organisation()

    rows = {row["key"]: row for row in api(alice).get(ADDRESS).json()["results"]}

    assert list(rows) == ["high", "low", "tech"]
    assert rows["high"] == api(alice).get(HIGH).json()
    assert rows["high"] == {
        "key": "high",
        "on": our_day().isoformat(),
        "cadence_days": 30,
        "onboarding_cadence_days": 7,
        "near_cadence_days": 14,
        "required_roles": ["decision_maker", "champion", "executive_sponsor", "day_to_day"],
    }
    assert rows["tech"]["cadence_days"] is None


def test_a_change_acts_from_the_next_day_on(api, boss):
    made = api(boss).patch(HIGH, {"cadence_days": 20, "required_roles": ["champion", "champion"]})

    tomorrow = (our_day() + DAY).isoformat()
    assert (made.status_code, made.json()["on"]) == (200, tomorrow)
    assert made.json() == api(boss).get(HIGH, {"on": tomorrow}).json()
    assert (made.json()["cadence_days"], made.json()["required_roles"]) == (20, ["champion"])
    assert made.json()["near_cadence_days"] == 14
    assert api(boss).get(HIGH).json()["cadence_days"] == 30


def test_a_cadence_is_given_up(api, boss):
    api(boss).patch(HIGH, {"cadence_days": None, "required_roles": []})

    row = TouchExpectation.objects.get()
    assert (row.cadence_days, row.onboarding_cadence_days, row.required_roles) == (None, 7, [])


def test_who_was_first(api, boss):
    client = api(boss)
    seen = client.get(HIGH)["ETag"]

    first = client.patch(HIGH, {"cadence_days": 20}, headers={"If-Match": seen})
    late = client.patch(HIGH, {"cadence_days": 25}, headers={"If-Match": seen})
    again = client.patch(HIGH, {"cadence_days": 25}, headers={"If-Match": first["ETag"]})

    assert (first.status_code, late.status_code, again.status_code) == (200, 412, 200)
    assert client.get(HIGH)["ETag"] == again["ETag"] != seen


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"cadence_days": 0}, "/cadence_days"),
        ({"cadence_days": "often"}, "/cadence_days"),
        ({"near_cadence_days": 1001}, "/near_cadence_days"),
        ({"required_roles": ["king"]}, "/required_roles/0"),
    ],
)
def test_what_nobody_could_do_is_refused(api, boss, body, pointer):
    answer = api(boss).patch(HIGH, body)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert not TouchExpectation.objects.exists()


@pytest.mark.parametrize("role", ["manager", "member", "viewer", "privacy_officer"])
def test_others_only_read(api, role):
    user = make_user(role=role)

    assert api(user).get(ADDRESS).status_code == 200
    assert api(user).patch(HIGH, {"cadence_days": 20}).status_code == 403


def test_there_is_no_other_touch_model_and_no_such_day(api, boss):
    assert api(boss).get(f"{ADDRESS}none/").status_code == 404
    assert api(boss).patch(f"{ADDRESS}none/", {}).status_code == 404
    for asked in ({"on": "soon"}, {"on": ""}, {"day": "2026-04-01"}):
        assert api(boss).get(ADDRESS, asked).status_code == 400
