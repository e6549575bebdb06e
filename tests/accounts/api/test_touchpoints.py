import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AccessPolicy, AccountShare, Touchpoint
from accounts.services.touchpoint_types import archive_touchpoint_type, write_touchpoint_type
from config.lib.clock import app_now
from tests.factories import make_account, make_contact, make_touchpoint, make_user

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


def test_a_direction_said_with_a_new_type_stays(api, alice):
    talk = make_touchpoint(account=make_account(team=alice.teams.get()), type="visit")
    client, address = api(alice), f"/api/v1/touchpoints/{talk.pk}/"

    changed = client.patch(address, {"type": "mail", "direction": "two_way"}).json()

    assert (changed["type"], changed["direction"]) == ("mail", "two_way")


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


def test_who_reads_talks_everywhere_reads_what_others_wrote(api, alice, charlie):
    for kind in ("account", "touchpoint", "touchpoint_body"):
        AccessPolicy.objects.create(role="manager", kind=kind, read_scope="all", write_scope="none")
    talk = make_touchpoint(account=make_account(), body="Theirs", created_by=charlie)
    address = f"/api/v1/touchpoints/{talk.pk}/"

    for reader in (make_user(role="administrator"), make_user(role="manager")):
        shown = api(reader).get(address).json()
        assert (shown["body"], shown["body_hidden"]) == ("Theirs", False)


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


def test_one_talk_for_several_accounts_is_one_request(api, alice):
    one, other = (make_account(team=alice.teams.get()) for _ in range(2))
    todos = [{"side": "ours", "text": "Send prices", "user": alice.pk, "due_on": "2026-07-01"}]
    body = {"account": one.pk, "further_accounts": [other.pk], "todos": todos} | TALK

    made = api(alice).post("/api/v1/touchpoints/", body, format="json").json()
    group = api(alice).get(f"/api/v1/touchpoints/?group={made['group']}").json()["results"]

    assert {row["account"] for row in group} == {one.pk, other.pk}
    assert [todo["text"] for row in group for todo in row["todos"]] == ["Send prices"] * 2


def test_no_talk_is_logged_where_one_account_of_several_may_not_be_written(api, alice):
    AccountShare.objects.create(account=(foreign := make_account()), user=alice)
    AccessPolicy.objects.create(
        role="member", kind="touchpoint", read_scope="all", write_scope="none"
    )
    body = {"account": foreign.pk} | TALK

    assert api(alice).post("/api/v1/touchpoints/", body, format="json").status_code in {400, 403}
    assert not Touchpoint.objects.exists()


def test_a_draft_is_saved_found_and_published(api, alice):
    account = make_account(team=alice.teams.get())
    client = api(alice)
    body = {"account": account.pk, "is_draft": True, "purpose": "Review"} | TALK

    made = client.post("/api/v1/touchpoints/", body, format="json").json()
    assert len(client.get("/api/v1/touchpoints/?is_draft=true").json()["results"]) == 1
    address = f"/api/v1/touchpoints/{made['id']}/"
    published = client.patch(address, {"is_draft": False, "todos": []}, format="json").json()

    assert (published["is_draft"], published["purpose"]) == (False, "Review")


def test_to_dos_are_not_shown_to_who_may_not_read_the_text(api, alice):
    everywhere = {"read_scope": "all", "write_scope": "own_team"}
    AccessPolicy.objects.create(role="member", kind="touchpoint", **everywhere)
    foreign = make_touchpoint(account=make_account())
    foreign.todos.create(side="theirs", text="Secret")

    (shown,) = api(alice).get("/api/v1/touchpoints/").json()["results"]

    assert shown["todos"] == []


def test_the_types_are_listed_with_their_keys_and_what_is_usual(api, alice):
    write_touchpoint_type(label_ja="現地監査", label_en="On-site audit", at=app_now())
    archive_touchpoint_type(key="chat", at=app_now())

    listed = api(alice).get("/api/v1/touchpoint-types/").json()["results"]
    types = {row["key"]: row for row in listed}

    assert types["on_site_audit"] == {
        "key": "on_site_audit",
        "label_ja": "現地監査",
        "label_en": "On-site audit",
        "icon": "users",
        "direction": "two_way",
        "duration_minutes": None,
        "is_shipped": False,
        "is_archived": False,
        "is_changed": False,
    }
    assert (list(types)[-1], types["chat"]["is_archived"]) == ("chat", True)


def test_a_talk_takes_the_types_in_use_and_a_refusal_names_the_field_and_them(api, alice):
    account = make_account(team=alice.teams.get())
    old = make_touchpoint(account=account, type="chat")
    write_touchpoint_type(label_ja="現地監査", label_en="On-site audit", at=app_now())
    archive_touchpoint_type(key="chat", at=app_now())
    client = api(alice)
    body = {"account": account.pk} | TALK

    made = client.post("/api/v1/touchpoints/", body | {"type": "on_site_audit"})
    assert (made.status_code, made.json()["direction"]) == (201, "two_way")
    for wrong in ("seance", "chat", ""):
        answer = client.post("/api/v1/touchpoints/", body | {"type": wrong})
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["pointer"] == "/type"
    assert (
        "on_site_audit"
        in client.post("/api/v1/touchpoints/", body | {"type": "seance"}).json()["errors"][0][
            "detail"
        ]
    )
    kept = client.patch(f"/api/v1/touchpoints/{old.pk}/", {"type": "chat", "subject": "Chat"})
    assert kept.status_code == 200


def test_talks_are_asked_for_by_type_and_an_unknown_one_is_refused(api, alice):
    account = make_account(team=alice.teams.get())
    chat = make_touchpoint(account=account, type="chat")
    make_touchpoint(account=account)
    archive_touchpoint_type(key="chat", at=app_now())
    client = api(alice)

    found = client.get("/api/v1/touchpoints/?type=chat").json()["results"]

    assert [row["id"] for row in found] == [chat.pk]
    answer = client.get("/api/v1/touchpoints/?type=seance")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/type")


def test_a_talk_is_changed_and_taken_back_at_all_its_accounts(api, alice):
    team, client = alice.teams.get(), api(alice)
    accounts = [make_account(team=team).pk for _ in range(3)]
    body = {"account": accounts[0], "further_accounts": accounts[1:], "is_draft": True} | TALK
    made = client.post("/api/v1/touchpoints/", body, format="json").json()
    address, same = f"/api/v1/touchpoints/{made['id']}/", {"group": made["group"]}

    changes = {"is_draft": False, "subject": "Review", "for_all_accounts": True}
    assert client.patch(address, changes, format="json").status_code == 200
    rows = client.get("/api/v1/touchpoints/", same).json()["results"]
    assert [(row["is_draft"], row["subject"]) for row in rows] == [(False, "Review")] * 3

    client.patch(address, {"subject": "Here only"}, format="json")
    rows = client.get("/api/v1/touchpoints/", same).json()["results"]
    assert sorted(row["subject"] for row in rows) == ["Here only", "Review", "Review"]

    refused = client.delete(f"{address}?for_all_accounts=1")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (
        400,
        "/for_all_accounts",
    )
    assert client.delete(f"{address}?for_all_accounts=true").status_code == 204
    assert client.get("/api/v1/touchpoints/", same).json()["results"] == []
