import pytest

from accounts.models import StakeholderRole
from tests.factories import (
    LONG_AGO,
    make_account,
    make_contact,
    make_organisation,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    make_organisation()
    return make_team()


@pytest.fixture
def found(client, team):
    client.force_login(make_user(team=team))

    def ask(*roles):
        rows = client.get("/contacts/", {"role": roles}).context["rows"]
        return {row.record.pk for row in rows}

    return ask


def make_person(team, *roles, **fact):
    account = make_account(team=team)
    contact = make_contact(account=account)
    for role in roles:
        values = {"starts_on": LONG_AGO, **fact}
        StakeholderRole.objects.create(account=account, contact=contact, role=role, **values)
    return contact.pk


@pytest.mark.parametrize("role", ["decision_maker", "champion", "day_to_day"])
def test_a_contact_is_found_by_every_part_they_play(found, team, role):
    several = make_person(team, "decision_maker", "champion", "day_to_day")
    make_person(team)

    assert found(role) == {several}


def test_several_roles_find_who_plays_one_of_them(found, team):
    two = {make_person(team, "decision_maker", "champion"), make_person(team, "day_to_day")}
    make_person(team, "blocker")

    assert found("champion", "day_to_day") == two


def test_a_part_that_ended_does_not_find_its_player(found, team):
    make_person(team, "champion", ends_on="2021-01-01")

    assert found("champion") == set()
