"""An id of an account the caller may not see is not told."""

import pytest

from tests.factories import make_account, make_contact, make_organisation, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    make_organisation()
    return make_team()


def test_a_foreign_parent_or_seller_shows_as_nobody(api, team):
    foreign, near = make_account(), make_account(team=team)
    account = make_account(team=team, parent=foreign, sold_via=foreign, billed_via=near)
    member, boss = make_user(team=team), make_user(role="administrator")
    address = f"/api/v1/accounts/{account.pk}/"

    shown = api(member).get(address).json()
    everything = api(boss).get(address).json()

    assert [shown[name] for name in ("parent", "sold_via", "billed_via")] == [None, None, near.pk]
    assert [everything[name] for name in ("parent", "sold_via")] == [foreign.pk, foreign.pk]
    assert api(member).patch(address, {"tier": "a"}).json()["parent"] is None
    account.refresh_from_db()
    assert account.parent == foreign


def test_where_a_person_came_from_is_told_to_those_who_see_it(api, team):
    before = make_contact(account=make_account())
    person = make_contact(account=make_account(team=team), moved_from=before)

    shown = api(make_user(team=team)).get(f"/api/v1/contacts/{person.pk}/").json()

    assert shown["moved_from"] is None
