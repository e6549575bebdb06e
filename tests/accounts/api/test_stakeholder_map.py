import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AccessPolicy
from accounts.services.stakeholders import assign_role, relate, set_standing
from config.lib.clock import app_now
from tests.accounts.people import change_contact_state
from tests.factories import make_account, make_account_role, make_contact, make_touchpoint

pytestmark = pytest.mark.django_db
LONG_AGO = dt.date(2024, 4, 1)


@pytest.fixture
def account(alice):
    return make_account(team=alice.teams.get(), touch_model="high", phase="adoption")


@pytest.fixture
def ask(api, alice, account):
    def get(**query):
        answer = api(alice).get(f"/api/v1/accounts/{account.pk}/map/", query)
        assert answer.status_code == 200
        return answer.json()

    return get


def test_people_show_with_their_parts_standing_and_lines(ask, account):
    at = app_now()
    boss, junior = make_contact(account=account), make_contact(account=account)
    assign_role(contact=boss, role="decision_maker", on=LONG_AGO, at=at)
    set_standing(contact=boss, stance="opponent", influence="high", on=LONG_AGO, at=at)
    relate(from_contact=junior, to_contact=boss, kind="reports_to", on=LONG_AGO, at=at)
    make_touchpoint(account=account, occurred_at=at).contacts.add(junior)

    shown = ask()

    people = {person["contact"]: person for person in shown["people"]}
    assert [part["role"] for part in people[boss.pk]["roles"]] == ["decision_maker"]
    assert (people[boss.pk]["stance"], people[boss.pk]["influence"]) == ("opponent", "high")
    assert [people[pk]["is_talked_to"] for pk in (boss.pk, junior.pk)] == [False, True]
    assert [(line["from_contact"], line["to_contact"]) for line in shown["relations"]] == [
        (junior.pk, boss.pk)
    ]


def test_a_past_day_shows_who_was_there_then(ask, account):
    at = app_now()
    contact = make_contact(account=account, in_post_since_on=LONG_AGO)
    assign_role(contact=contact, role="champion", on=LONG_AGO, confirmed_on=LONG_AGO, at=at)
    change_contact_state(contact=contact, state="transferred", on=at.date(), at=at)

    (then,), (now,) = ask(at="2024-06-01")["people"], ask()["people"]

    assert (then["state"], then["is_gone"]) == ("active", False)
    assert (now["state"], now["is_gone"]) == ("transferred", True)
    assert [part["role"] for part in now["roles"]] == ["champion"]
    roles = {row["role"]: row for row in ask(at="2024-06-01")["required_roles"]}
    assert roles["champion"] == {"role": "champion", "contacts": [contact.pk], "confirmed": True}
    assert ask(at="2024-03-31")["people"] == []


def test_gaps_are_sentences_with_their_numbers(ask, account):
    make_contact(account=account, family_name="", given_name="", is_ghost=True)
    contact = make_contact(account=account, family_name_latin="Mizukami", given_name_latin="Ryu")
    at = app_now()
    talk = make_touchpoint(account=account, occurred_at=at - dt.timedelta(days=63))
    talk.contacts.add(contact)

    gaps = {gap["kind"]: gap["text"] for gap in ask()["gaps"]}

    assert gaps["single_thread"] == "In the last 90 days we talked to Ryu Mizukami only."
    assert gaps["silence"] == "No talk for 63 days."
    assert gaps["ghosts"] == "1 person uses the product and is not known to us."
    assert gaps["empty_role"] == "Day-to-day contact: nobody."


def test_sponsors_of_both_sides_are_paired(ask, account, alice):
    make_account_role(account=account, user=alice, role="executive_sponsor")
    theirs = make_contact(account=account)
    assign_role(contact=theirs, role="executive_sponsor", at=app_now())
    talk = make_touchpoint(account=account, occurred_at=app_now())
    talk.contacts.add(theirs)
    talk.users.add(alice)

    (pair,) = ask()["sponsors"]

    assert (pair["user"], pair["contact"]) == (alice.pk, theirs.pk)
    assert pair["talked_at"]


def test_a_day_that_is_none_is_refused(api, alice, account):
    answer = api(alice).get(f"/api/v1/accounts/{account.pk}/map/", {"at": "2026-13-01"})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/at"


def test_the_map_is_not_there_for_who_sees_no_contacts(api, alice, account):
    AccessPolicy.objects.create(
        role="member", kind="contact", read_scope="none", write_scope="none"
    )

    assert api(alice).get(f"/api/v1/accounts/{account.pk}/map/").status_code == 404


def test_seven_people_cost_as_many_queries_as_one(api, alice, account):
    def add():
        one, other = make_contact(account=account), make_contact(account=account)
        assign_role(contact=one, role="champion", at=app_now())
        set_standing(contact=one, stance="supporter", at=app_now())
        relate(from_contact=one, to_contact=other, kind="influences", at=app_now())
        make_touchpoint(account=account, occurred_at=app_now()).contacts.add(one)

    def count():
        client = api(alice)
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/api/v1/accounts/{account.pk}/map/")
        return len(captured)

    add()
    one = count()
    for _ in range(6):
        add()
    assert count() == one
