import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import StakeholderRole
from accounts.services.stakeholders import assign_role, set_standing
from config.lib.clock import app_now
from tests.factories import make_account, make_contact, our_day

pytestmark = pytest.mark.django_db


def test_a_contact_is_introduced_and_changed(api, alice):
    account = make_account(team=alice.teams.get())
    client = api(alice)

    made = client.post(
        "/api/v1/contacts/",
        {"account": account.pk, "family_name": "水上", "email": "Ryu@Customer.example"},
    )
    assert (made.status_code, made.json()["email"]) == (201, "ryu@customer.example")

    address = f"/api/v1/contacts/{made.json()['id']}/"
    left = client.patch(address, {"state": "left", "on": "2026-04-01"}).json()
    assert (left["state"], left["left_on"]) == ("left", "2026-04-01")

    assert client.delete(address).status_code == 204
    assert client.get("/api/v1/contacts/").json()["results"] == []


def test_one_address_stands_once_at_an_account(api, alice):
    contact = make_contact(account=make_account(team=alice.teams.get()))

    answer = api(alice).post(
        "/api/v1/contacts/",
        {"account": contact.account_id, "email": contact.email.upper(), "family_name": "B"},
    )

    assert answer.status_code == 409
    assert answer.json()["errors"][0]["pointer"] == "/email"


def test_nobody_is_introduced_at_a_foreign_account(api, alice):
    answer = api(alice).post(
        "/api/v1/contacts/", {"account": make_account().pk, "family_name": "B"}
    )

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/account"


def test_a_part_keeps_its_id_when_it_is_confirmed_and_ends_without_being_lost(api, alice):
    contact = make_contact(account=make_account(team=alice.teams.get()))
    client = api(alice)

    made = client.post(
        "/api/v1/stakeholders/",
        {"contact": contact.pk, "role": "champion", "starts_on": "2026-04-01"},
    ).json()
    address = f"/api/v1/stakeholders/{made['id']}/"
    confirmed = client.patch(address, {"confirmed_on": "2026-05-01"}).json()
    ended = client.patch(address, {"ends_on": "2026-06-01"}).json()

    assert made["account"] == contact.account_id
    assert confirmed | {"ends_on": "2026-06-01"} == ended
    assert ended["id"] == made["id"]
    assert StakeholderRole.objects.filter(retracted_at__isnull=False).count() == 2


def test_standing_and_parts_are_shown_with_the_contact(api, alice):
    contact = make_contact(account=make_account(team=alice.teams.get()))
    assign_role(contact=contact, role="decision_maker", at=app_now())
    address = f"/api/v1/contacts/{contact.pk}/"

    shown = api(alice).post(f"{address}standing/", {"stance": "opponent"}).json()

    assert shown["roles"] == ["decision_maker"]
    assert shown["standing"]["stance"] == "opponent"


def test_lines_are_drawn_between_people_of_one_account(api, alice):
    account = make_account(team=alice.teams.get())
    one, other = make_contact(account=account), make_contact(account=account)
    stranger = make_contact(account=make_account(team=account.team))
    client = api(alice)

    line = {"from_contact": one.pk, "to_contact": other.pk, "kind": "reports_to"}
    made = client.post("/api/v1/relations/", line)
    crossing = client.post("/api/v1/relations/", line | {"to_contact": stranger.pk})
    circle = client.post("/api/v1/relations/", line | {"to_contact": one.pk})

    assert [answer.status_code for answer in (made, crossing, circle)] == [201, 400, 400]
    assert client.delete(f"/api/v1/relations/{made.json()['id']}/").status_code == 204


@pytest.mark.parametrize("resource", ["contacts", "stakeholders", "relations"])
def test_seven_cost_as_many_queries_as_one(api, alice, resource):
    account = make_account(team=alice.teams.get())

    def add():
        one, other = make_contact(account=account), make_contact(account=account)
        assign_role(contact=one, role="champion", at=app_now())
        set_standing(contact=one, stance="supporter", at=app_now())
        api(alice).post(
            "/api/v1/relations/",
            {"from_contact": one.pk, "to_contact": other.pk, "kind": "influences"},
        )

    def count():
        client = api(alice)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/api/v1/{resource}/").json()["results"]
        return len(captured)

    add()
    one = count()
    for _ in range(6):
        add()
    assert count() == one <= 9


def test_a_person_moves_to_another_customer(api, alice):
    contact = make_contact(account=make_account(team=alice.teams.get()))
    other = make_account(team=contact.account.team)
    address = f"/api/v1/contacts/{contact.pk}/"

    moved = api(alice).post(f"{address}move/", {"account": other.pk, "title": "部長"}).json()

    assert (moved["account"], moved["moved_from"]) == (other.pk, contact.pk)
    assert (moved["title"], moved["email"]) == ("部長", "")
    assert api(alice).get(address).json()["state"] == "left"


def test_nobody_is_moved_to_an_account_out_of_reach(api, alice):
    contact = make_contact(account=make_account(team=alice.teams.get()))

    answer = api(alice).post(f"/api/v1/contacts/{contact.pk}/move/", {"account": make_account().pk})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/account")


def test_an_archived_contact_is_restored(api, alice):
    contact = make_contact(account=make_account(team=alice.teams.get()))
    assign_role(contact=contact, role="champion", at=app_now() - dt.timedelta(hours=1))
    address = f"/api/v1/contacts/{contact.pk}/"
    api(alice).delete(address)

    restored = api(alice).post(f"{address}restore/").json()

    assert (restored["archived_at"], restored["roles"]) == (None, ["champion"])


def test_a_part_is_confirmed_today_unless_a_day_is_given(api, alice):
    contact = make_contact(account=make_account(team=alice.teams.get()))
    part = assign_role(contact=contact, role="champion", at=app_now())
    address = f"/api/v1/stakeholders/{part.pk}/confirm/"

    today = api(alice).post(address, {}).json()
    earlier = api(alice).post(address, {"on": "2026-05-01"}).json()

    assert today["confirmed_on"] == our_day().isoformat()
    assert (earlier["id"], earlier["confirmed_on"]) == (part.pk, "2026-05-01")


def test_a_ghost_with_a_name_is_a_ghost_no_more(api, alice):
    ghost = make_contact(account=make_account(team=alice.teams.get()), is_ghost=True)
    address = f"/api/v1/contacts/{ghost.pk}/"

    assert api(alice).patch(address, {"title": "主任"}).json()["is_ghost"] is True
    assert api(alice).patch(address, {"family_name": "田辺"}).json()["is_ghost"] is False


def test_contacts_are_filtered_by_the_part_they_play_and_found_by_two_signs(api, alice):
    account = make_account(team=alice.teams.get())
    champion = make_contact(account=account)
    assign_role(contact=champion, role="champion", at=app_now())
    client = api(alice)
    client.post("/api/v1/contacts/", {"account": account.pk, "family_name": "田辺"})

    def found(**query):
        return [
            row["family_name"] for row in client.get("/api/v1/contacts/", query).json()["results"]
        ]

    assert found(role="champion") == ["水上"]
    assert found(role="blocker") == []
    assert found(search="田辺") == ["田辺"]
