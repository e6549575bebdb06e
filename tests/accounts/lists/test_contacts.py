import datetime as dt

import pytest

from accounts.models import AccountShare, StakeholderRole
from tests.factories import (
    LONG_AGO,
    make_account,
    make_account_role,
    make_contact,
    make_organisation,
    make_team,
    make_touchpoint,
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


@pytest.mark.parametrize(
    ("reads", "day"),
    [("own team", 3), ("role", 3), ("share", 2), ("author", 3), ("administrator", 2)],
)
def test_the_last_talk_with_a_person_is_the_last_its_reader_sees(client, team, reads, day):
    account = make_account(team=team if reads == "own team" else make_team())
    contact = make_contact(account=account)
    role = "administrator" if reads == "administrator" else "member"
    reader = make_user(role=role, team=None if role == "administrator" else team)
    if reads == "role":
        make_account_role(account=account, user=reader)
    elif reads in {"share", "author"}:
        AccountShare.objects.create(account=account, user=reader)
    talks = [
        {"direction": "outbound"},
        {"is_draft": True},
        {"retracted_at": dt.datetime(2026, 6, 9, tzinfo=dt.UTC)},
        {"visibility": "team", "created_by": reader if reads == "author" else make_user()},
        {},
        {},
    ]
    for place, fields in enumerate(talks):
        when = dt.datetime(2026, 6, len(talks) - place, 5, 0, tzinfo=dt.UTC)
        make_touchpoint(account=account, occurred_at=when, **fields).contacts.add(contact)
    client.force_login(reader)

    (row,) = client.get("/contacts/").context["rows"]

    assert row.record.last_talk_at.day == day
