"""How long data is kept, over the API: for who answers for privacy."""

import pytest

from accounts.models import Organisation, RetentionRule
from tests.factories import make_organisation, make_team, make_user

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/retention-rules/"
MAILS = f"{ADDRESS}mail_bodies/"


@pytest.fixture(params=["administrator", "privacy_officer"])
def officer(request, api):
    make_organisation()
    return api(make_user(role=request.param))


def test_a_period_is_read_and_set(officer):
    before = officer.get(MAILS).json()

    changed = officer.patch(MAILS, {"days": 90})
    forever = officer.patch(MAILS, {"days": None})

    assert before["days"] == 730
    assert changed.json() == before | {"days": 90}
    assert forever.json()["days"] is None
    assert RetentionRule.objects.get(key="mail_bodies").days is None
    assert forever.json() in officer.get(ADDRESS).json()["results"]


def test_what_can_not_be_is_refused_by_its_place(officer):
    rows = officer.get(ADDRESS).json()["results"]
    wrong = [(row["key"], row["at_least"] - 1) for row in rows if row["at_least"] > 1]
    wrong += [(row["key"], None) for row in rows if row["is_needed"]]
    wrong += [(row["key"], 900) for row in rows if row["is_promised"]]
    kept = Organisation.objects.values().get()

    answers = [officer.patch(f"{ADDRESS}{key}/", {"days": days}) for key, days in wrong]

    assert {(a.status_code, a.json()["errors"][0]["pointer"]) for a in answers} == {(400, "/days")}
    assert officer.get(f"{ADDRESS}jokes/").status_code == 404
    assert not RetentionRule.objects.exists()
    assert Organisation.objects.values().get() == kept


def test_who_was_first(officer):
    seen = officer.get(MAILS)["ETag"]

    first = officer.patch(MAILS, {"days": 90}, headers={"If-Match": seen})
    late = officer.patch(MAILS, {"days": 60}, headers={"If-Match": seen})

    assert (first.status_code, late.status_code) == (200, 412)


@pytest.mark.parametrize("role", ["manager", "member", "viewer"])
def test_others_neither_read_nor_write_them(api, role):
    make_organisation()
    client = api(make_user(role=role, team=make_team()))

    assert client.get(ADDRESS).status_code == client.get(MAILS).status_code == 403
    assert client.patch(MAILS, {"days": 90}).status_code == 403
