"""Who does not see the people of an account finds their names nowhere, and takes nobody away."""

import pytest

from accounts.models import AccessPolicy, TouchpointTodo
from accounts.services.exports.sources import open_sheet
from config.lib.clock import app_now
from tests.factories import (
    make_account,
    make_contact,
    make_organisation,
    make_ticket,
    make_touchpoint,
)

pytestmark = pytest.mark.django_db
NAME = "Unseenperson"


@pytest.fixture
def talk(client, alice):
    make_organisation()
    AccessPolicy.objects.create(
        role="member", kind="contact", read_scope="none", write_scope="none"
    )
    client.force_login(alice)
    account = make_account(team=alice.teams.get())
    contact = make_contact(account=account, family_name=NAME, given_name="")
    made = make_touchpoint(account=account, type="visit", subject="Talk", created_by=alice)
    made.contacts.add(contact)
    TouchpointTodo.objects.create(touchpoint=made, side="theirs", text="Send it", contact=contact)
    make_ticket(account=account, contact=contact)
    return made


@pytest.mark.parametrize(
    "address",
    ["/accounts/{account}/", "/todos/", "/touchpoints/{talk}/", "/touchpoints/{talk}/edit/",
     "/tickets/{ticket}/"],
)  # fmt: skip
def test_no_page_names_people_the_reader_does_not_see(client, talk, address):
    ticket = talk.account.tickets.get()
    ids = {"account": talk.account_id, "talk": talk.pk, "ticket": ticket.pk}

    answer = client.get(address.format(**ids))

    assert answer.status_code == 200
    assert NAME not in answer.content.decode()


def test_a_correction_keeps_people_its_author_does_not_see(client, talk):
    form = client.get(f"/touchpoints/{talk.pk}/edit/").context["form"]
    data = {bound.html_name: bound.value() for bound in form if bound.value() is not None}
    data["subject"] = "Corrected"

    answer = client.post(f"/touchpoints/{talk.pk}/edit/", {**data, "contacts": [], "do": "log"})

    talk.refresh_from_db()
    assert (answer.status_code, talk.subject) == (302, "Corrected")
    assert [person.family_name for person in talk.contacts.all()] == [NAME]
    assert [todo.contact.family_name for todo in talk.todos.all()] == [NAME]


def test_a_number_of_a_person_too_long_to_be_one_is_no_person(client, talk):
    answer = client.post(
        f"/touchpoints/{talk.pk}/edit/", {"subject": "x", "contacts": "9" * 5000, "do": "log"}
    )

    assert answer.status_code == 200


def test_who_sees_people_further_than_accounts_is_not_told_whose_they_are(client, alice):
    make_organisation()
    AccessPolicy.objects.create(role="member", kind="contact", read_scope="all", write_scope="none")
    client.force_login(alice)
    account = make_account(name="Unseenaccount", external_id="Unseenid")
    make_contact(account=account, family_name=NAME, given_name="", search_text=NAME.lower())

    found = client.get(f"/search/?q={NAME}&part=options").content.decode()
    sheet = open_sheet("contacts", user=alice, query="", at=app_now())

    assert NAME in found
    assert "Unseenaccount" not in found
    assert [row[1:3] for row in sheet.rows()] == [[None, None]]
