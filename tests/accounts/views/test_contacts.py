import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import Contact, StakeholderRelation, StakeholderRole
from accounts.services.stakeholders import assign_role
from config.lib.clock import app_now
from tests.factories import make_account, make_contact, make_touchpoint, make_user, our_day

pytestmark = pytest.mark.django_db
NAMES = {"family_name": "田辺", "given_name": "由紀", "language": "ja"}


@pytest.fixture
def account(alice):
    return make_account(team=alice.teams.get())


@pytest.fixture
def member(client, alice):
    client.force_login(alice)
    return client


def at(name, row, **more):
    return reverse(f"accounts:{name}", kwargs={"pk": row.pk, **more})


def undo(client, answer):
    """Press the undo button of the toast on the page an answer leads to."""
    page = client.get(answer["Location"]).content.decode()
    address = page.split("data-toast>")[1].split('action="')[1].split('"')[0]
    return client.post(address)


def test_a_person_is_introduced_with_the_part_they_play(member, account):
    answer = member.post(
        at("contact_new", account), {**NAMES, "roles": ["champion"], "email": "Y@Customer.example"}
    )

    contact = Contact.objects.get()
    assert answer["Location"] == at("contact_detail", contact)
    assert (contact.account, contact.email) == (account, "y@customer.example")
    part = StakeholderRole.objects.get(contact=contact)
    assert (part.role, part.confirmed_on) == ("champion", our_day())


def test_an_address_somebody_else_has_is_refused_beside_its_field(member, account):
    make_contact(account=account, email="y@customer.example")

    answer = member.post(
        at("contact_new", account), {**NAMES, "roles": ["champion"], "email": "Y@customer.example"}
    )

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Another contact of this account has this mail address." in page
    assert "田辺" in page
    assert not StakeholderRole.objects.exists()


def test_a_page_tells_all_about_a_person(member, account):
    contact = make_contact(account=account, approach="短く話す", phone="03-5550-0142")
    assign_role(contact=contact, role="decision_maker", at=app_now())
    talk = make_touchpoint(account=account, subject="予算の話")
    talk.contacts.add(contact)

    page = member.get(at("contact_detail", contact)).content.decode()

    for text in ("Decision maker", "短く話す", "03-5550-0142", "予算の話", contact.email):
        assert text in page
    assert at("touchpoint_detail", talk) in page


def test_a_change_is_taken_back_from_the_toast(member, account):
    contact = make_contact(account=account)
    fields = {"family_name": "水上", "given_name": "隆", "language": "ja"}

    answer = member.post(at("contact_edit", contact), {**fields, "title": "部長"})
    assert Contact.objects.get().title == "部長"
    undo(member, answer)

    assert Contact.objects.get().title == ""


def test_a_departure_with_a_successor_nobody_knew(member, account):
    contact = make_contact(account=account)
    assign_role(contact=contact, role="champion", at=app_now() - dt.timedelta(days=9))
    ahead = (app_now() + dt.timedelta(days=30)).date()

    member.post(
        at("contact_state", contact),
        {"state": "transferred", "on": ahead, "family_name": "新田", "given_name": "葵"},
    )

    heir = Contact.objects.get(family_name="新田")
    contact.refresh_from_db()
    assert (contact.state, contact.state_on, contact.successor) == ("transferred", ahead, heir)
    inherited = StakeholderRole.objects.get(contact=heir)
    assert (inherited.role, inherited.starts_on, inherited.confirmed_on) == (
        "champion",
        ahead,
        None,
    )
    page = member.get(at("contact_detail", contact)).content.decode()
    assert "Transferred" in page


def test_a_successor_is_somebody_known_or_somebody_new(member, account):
    contact, other = make_contact(account=account), make_contact(account=account)

    answer = member.post(
        at("contact_state", contact),
        {"state": "left", "on": "2026-04-01", "successor": other.pk, "family_name": "新田"},
    )

    assert "not both" in answer.content.decode()
    assert Contact.objects.count() == 2


def test_a_place_on_the_map_is_changed_at_once_and_taken_back_at_once(member, account):
    contact, boss, rival = (make_contact(account=account) for _ in range(3))
    today = our_day()
    place = {
        "roles": ["champion", "drafter"],
        "is_confirmed": "on",
        "stance": "supporter",
        "influence": "high",
        "reports_to": boss.pk,
        "conflicts": [rival.pk],
        "approach": "短く話す",
        "on": today,
    }

    answer = member.post(at("contact_place", contact), place)

    contact.refresh_from_db()
    assert contact.approach == "短く話す"
    assert set(contact.stakeholder_roles.values_list("role", "confirmed_on")) == {
        ("champion", today),
        ("drafter", today),
    }
    assert set(StakeholderRelation.objects.values_list("kind", "to_contact")) == {
        ("reports_to", boss.pk),
        ("conflicts", rival.pk),
    }
    undo(member, answer)
    contact.refresh_from_db()
    assert contact.approach == ""
    assert not StakeholderRole.objects.current().exists()
    assert not StakeholderRelation.objects.current().exists()


def test_the_form_shows_what_holds_and_saving_it_again_writes_nothing(member, account):
    contact, rival = make_contact(account=account), make_contact(account=account)
    place = {"roles": ["champion"], "conflicts": [contact.pk], "on": our_day()}
    member.post(at("contact_place", rival), place)

    page = member.get(at("contact_place", contact)).content.decode()
    box = f'name="conflicts" value="{rival.pk}" class="y-input" id="id_conflicts_0" checked'
    assert box in page
    member.post(at("contact_place", contact), {"conflicts": [rival.pk], "on": our_day()})

    assert StakeholderRelation.objects.count() == 1


def test_who_reports_to_us_is_refused_as_our_senior(member, account):
    contact, boss = make_contact(account=account), make_contact(account=account)
    today = our_day()
    member.post(at("contact_place", contact), {"reports_to": boss.pk, "on": today})

    answer = member.post(at("contact_place", boss), {"reports_to": contact.pk, "on": today})

    assert "already reports to the other one" in answer.content.decode()


def test_a_person_goes_on_to_another_customer(member, account):
    contact = make_contact(account=account)
    other = make_account(team=account.team)

    answer = member.post(
        at("contact_move", contact),
        {"account": f"#{other.pk}", "on": our_day(), "title": "部長"},
    )

    there = Contact.objects.get(account=other)
    assert answer["Location"] == at("contact_detail", there)
    assert other.name in member.get(at("contact_detail", contact)).content.decode()


def test_a_ghost_is_introduced_or_dismissed(member, account):
    ghost = make_contact(account=account, family_name="", given_name="", is_ghost=True)
    assert ghost.email in member.get(at("map", account)).content.decode()

    member.post(at("contact_introduce", ghost), {"family_name": "田辺"})

    ghost.refresh_from_db()
    assert (ghost.is_ghost, ghost.family_name) == (False, "田辺")


def test_an_archived_contact_comes_back_from_the_toast(member, account):
    contact = make_contact(account=account)

    answer = member.post(at("contact_archive", contact))
    assert Contact.objects.get().archived_at
    undo(member, answer)

    assert Contact.objects.get().archived_at is None


def test_a_part_is_confirmed_with_one_button(member, account):
    contact = make_contact(account=account)
    for role in ("champion", "drafter"):
        assign_role(contact=contact, role=role, at=app_now() - dt.timedelta(days=9))

    member.post(at("contact_confirm", contact), {"role": "champion"})

    parts = StakeholderRole.objects.current().filter(confirmed_on=our_day())
    assert [part.role for part in parts] == ["champion"]


def test_a_change_of_somebody_else_is_not_taken_back(member, account):
    one, other = make_contact(account=account), make_contact(account=account)
    fields = {"family_name": "水上", "language": "ja", "title": "部長"}
    answer = member.post(at("contact_edit", one), fields)
    page = member.get(answer["Location"]).content.decode()
    token = page.split("/undo/")[1].split("/")[0]

    assert member.post(at("contact_undo", other, change=token)).status_code == 400


def test_a_reader_sees_the_page_and_no_button(client, account):
    contact = make_contact(account=account)
    client.force_login(make_user(team=account.team, role="viewer"))

    page = client.get(at("contact_detail", contact)).content.decode()

    assert at("contact_edit", contact) not in page
    assert client.get(at("contact_edit", contact)).status_code == 403
