import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AccessPolicy, AccountShare, Touchpoint
from tests.factories import make_account, make_contact, make_touchpoint

pytestmark = pytest.mark.django_db
TALK = {"type": "visit", "occurred_at": "2026-06-01T05:00:00Z", "subject": "Visit"}


def test_a_talk_is_logged_corrected_and_taken_back(api, alice):
    account = make_account(team=alice.teams.get())
    person = make_contact(account=account)
    client = api(alice)

    made = client.post(
        "/api/v1/touchpoints/",
        {"account": account.pk, "contacts": [person.pk], "signals": ["praise"]} | TALK,
    )
    assert made.status_code == 201
    assert (made.json()["direction"], made.json()["source"]) == ("two_way", "api")

    address = f"/api/v1/touchpoints/{made.json()['id']}/"
    corrected = client.patch(address, {"type": "mail", "signals": []}).json()
    assert (corrected["direction"], corrected["signals"]) == ("outbound", [])
    assert corrected["contacts"] == [person.pk]
    assert Touchpoint.objects.exclude(retracted_at=None).get().type == "visit"

    assert client.delete(address).status_code == 204
    assert client.get("/api/v1/touchpoints/").json()["results"] == []
    assert client.get(address).status_code == 404


def test_strangers_do_not_attend(api, alice):
    account = make_account(team=alice.teams.get())
    foreign = make_contact(account=make_account())
    neighbour = make_contact(account=make_account(team=account.team))
    client = api(alice)

    for person in (foreign, neighbour):
        answer = client.post(
            "/api/v1/touchpoints/", {"account": account.pk, "contacts": [person.pk]} | TALK
        )
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["pointer"].startswith("/contacts")


def test_the_policy_may_show_that_there_was_a_talk_but_not_what_was_said(api, alice):
    everywhere = {"read_scope": "all", "write_scope": "own_team"}
    AccessPolicy.objects.create(role="member", kind="touchpoint", **everywhere)
    own = make_touchpoint(account=make_account(team=alice.teams.get()), body="Ours")
    foreign = make_touchpoint(account=make_account(), body="Theirs", decisions="Secret")

    shown = {row["id"]: row for row in api(alice).get("/api/v1/touchpoints/").json()["results"]}

    assert (shown[own.pk]["body"], shown[own.pk]["body_hidden"]) == ("Ours", False)
    hidden = shown[foreign.pk]
    assert (hidden["body"], hidden["decisions"], hidden["body_hidden"]) == (None, None, True)


def test_notes_for_the_team_are_not_shown_with_the_account(api, alice, charlie):
    account = make_account(team=alice.teams.get())
    AccountShare.objects.create(account=account, user=charlie)
    make_touchpoint(account=account, visibility="team")
    open_talk = make_touchpoint(account=account)

    seen = api(charlie).get("/api/v1/touchpoints/").json()["results"]

    assert [row["id"] for row in seen] == [open_talk.pk]
    assert len(api(alice).get("/api/v1/touchpoints/").json()["results"]) == 2


def test_drafts_stay_with_their_author(api, alice, bob):
    account = make_account(team=alice.teams.get())
    make_touchpoint(account=account, is_draft=True, created_by=alice)

    assert len(api(alice).get("/api/v1/touchpoints/").json()["results"]) == 1
    assert api(bob).get("/api/v1/touchpoints/").json()["results"] == []


def test_seven_talks_cost_as_many_queries_as_one(api, alice):
    account = make_account(team=alice.teams.get())

    def add():
        talk = make_touchpoint(account=account)
        talk.contacts.add(make_contact(account=account))
        talk.users.add(alice)
        talk.signals.create(signal="praise")

    def count():
        client = api(alice)
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/api/v1/touchpoints/").json()["results"]
        return len(captured)

    add()
    one = count()
    for _ in range(6):
        add()
    assert count() == one <= 9
