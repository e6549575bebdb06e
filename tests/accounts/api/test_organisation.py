"""The organisation and how far its roles reach: for administrators alone."""

import pytest

from accounts.models import AccessPolicy, Organisation
from tests.factories import make_account, make_organisation, make_user

pytestmark = pytest.mark.django_db
HOUSE = "/api/v1/organisation/"
POLICIES = "/api/v1/access-policies/"
OWN = f"{POLICIES}member/account/"


@pytest.fixture
def boss():
    make_organisation()
    return make_user(role="administrator")


def test_the_organisation_is_read_and_changed(api, boss):
    seen = api(boss).get(HOUSE)

    changed = api(boss).patch(HOUSE, {"name_en": "Harukaze", "fiscal_year_month": 10})

    assert seen.status_code == changed.status_code == 200
    assert changed.json() == seen.json() | {"name_en": "Harukaze", "fiscal_year_month": 10}
    assert api(boss).get(HOUSE).json() == changed.json()


def test_before_the_set_up_there_is_no_organisation_to_read_or_change(api, client):
    boss = make_user(role="administrator")
    Organisation.objects.all().delete()
    client.force_login(boss)

    assert api(boss).get(HOUSE).status_code == 404
    assert api(boss).patch(HOUSE, {"name": "ハルカゼ"}).status_code == 404
    assert client.get("/settings/organisation/").status_code == 200  # which makes it


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("time_zone", "Mars/Olympus"),
        ("country", "XX"),
        ("currency", "yen"),
        ("fiscal_year_month", 13),
        ("name", ""),
        ("replay_days", 0),
    ],
)
def test_what_no_organisation_has_is_refused_by_its_place(api, boss, member, value):
    answer = api(boss).patch(HOUSE, {member: value})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == f"/{member}"


def test_who_was_first_at_the_organisation(api, boss):
    seen = api(boss).get(HOUSE)["ETag"]

    first = api(boss).patch(HOUSE, {"name_en": "A"}, headers={"If-Match": seen})
    late = api(boss).patch(HOUSE, {"name_en": "B"}, headers={"If-Match": seen})

    assert (first.status_code, late.status_code) == (200, 412)
    assert Organisation.objects.get().name_en == "A"


def test_a_policy_acts_on_the_next_request(api, boss, alice):
    account = make_account()
    record = f"/api/v1/accounts/{account.pk}/"
    before = api(boss).get(OWN).json()

    made = api(boss).patch(OWN, {"read_scope": "all"})

    assert before == {
        "role": "member",
        "kind": "account",
        "read_scope": "own_team",
        "write_scope": "own_team",
        "is_default": True,
    }
    assert made.json() == before | {"read_scope": "all", "is_default": False}
    assert made.json() in api(boss).get(POLICIES).json()["results"]
    assert api(alice).get(record).status_code == 200


def test_every_role_and_kind_has_a_policy(api, boss):
    rows = api(boss).get(POLICIES).json()["results"]

    assert len({(row["role"], row["kind"]) for row in rows}) == len(rows) == 5 * 10


@pytest.mark.parametrize(
    ("address", "body", "code"),
    [
        (OWN, {"write_scope": "all"}, "writes_unseen"),
        (f"{POLICIES}administrator/account/", {"read_scope": "none"}, "administrators_keep_all"),
        (OWN, {"read_scope": "mine"}, "invalid"),
    ],
)
def test_a_policy_that_could_not_be_is_refused(api, boss, address, body, code):
    answer = api(boss).patch(address, body)

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not AccessPolicy.objects.exists()


def test_who_was_first_at_a_policy(api, boss):
    seen = api(boss).get(OWN)["ETag"]

    first = api(boss).patch(OWN, {"read_scope": "all"}, headers={"If-Match": seen})
    late = api(boss).patch(OWN, {"read_scope": "none"}, headers={"If-Match": seen})

    assert (first.status_code, late.status_code) == (200, 412)


def test_there_is_no_other_role_or_kind(api, boss):
    assert api(boss).get(f"{POLICIES}king/account/").status_code == 404
    assert api(boss).patch(f"{POLICIES}member/planet/", {"read_scope": "all"}).status_code == 404


@pytest.mark.parametrize("role", ["manager", "member", "viewer", "privacy_officer"])
@pytest.mark.parametrize("address", [HOUSE, POLICIES, OWN])
def test_others_neither_read_nor_write_them(api, role, address):
    make_organisation()
    user = make_user(role=role)

    assert api(user).get(address).status_code == 403
    assert api(user).patch(address, {}).status_code in (403, 405)
