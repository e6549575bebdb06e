"""What an answer shows beside the columns of its row changes its version and `updated_at`, too."""

import datetime as dt

import pytest

from accounts.services.contacts import update_contact
from accounts.services.stakeholders import assign_role, confirm_role, end_role, set_standing
from accounts.services.todos import settle_todo
from accounts.services.touchpoints import Todo, record_touchpoint
from config.lib.clock import app_now
from tests.factories import make_account, make_contact, our_day

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def contact(alice):
    contact = make_contact(account=make_account(team=alice.teams.get()))
    type(contact).objects.filter(pk=contact.pk).update(updated_at=app_now() - DAY)
    return contact


def begin(contact):
    return assign_role(contact=contact, role="champion", at=app_now() - DAY)


CHANGES = {
    "standing": lambda contact: set_standing(contact=contact, stance="supporter", at=app_now()),
    "part": lambda contact: assign_role(contact=contact, role="blocker", at=app_now()),
    "confirmed": lambda contact: confirm_role(stakeholder=begin(contact), at=app_now()),
    "ended": lambda contact: end_role(stakeholder=begin(contact), on=our_day(), at=app_now()),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_of_parts_or_standing_is_another_version_of_the_contact(
    api, alice, contact, change
):
    client, address = api(alice), f"/api/v1/contacts/{contact.pk}/"
    seen = client.get(address)["ETag"]

    change(contact)

    late = client.patch(address, {"title": "部長"}, headers={"If-Match": seen})
    since = {"updated_at_after": (app_now() - DAY / 2).isoformat()}
    asked = client.get("/api/v1/contacts/", since).json()["results"]
    assert late.status_code == 412
    assert [row["id"] for row in asked] == [contact.pk]


def test_a_successor_who_takes_up_parts_is_another_version(api, alice, contact):
    begin(contact)
    successor = make_contact(account=contact.account)
    type(contact).objects.filter(pk=successor.pk).update(updated_at=app_now() - DAY)
    address = f"/api/v1/contacts/{successor.pk}/"
    seen = api(alice).get(address)["ETag"]

    changes = {"state": "left", "successor": successor}
    update_contact(contact=contact, changes=changes, at=app_now())

    assert api(alice).get(address)["ETag"] != seen
    assert api(alice).get(address).json()["roles"] == ["champion"]


def test_a_to_do_that_is_done_is_another_version_of_its_talk(api, alice, contact):
    earlier = app_now() - DAY
    (talk,) = record_touchpoint(
        accounts=[contact.account],
        type="call",
        subject="Call",
        occurred_at=earlier,
        todos=[Todo("ours", "Send prices")],
        at=earlier,
    )
    client, address = api(alice), f"/api/v1/touchpoints/{talk.pk}/"
    seen = client.get(address)["ETag"]

    settle_todo(todo=talk.todos.get(), done_on=our_day(), at=app_now())

    since = {"updated_at_after": (app_now() - DAY / 2).isoformat()}
    asked = client.get("/api/v1/touchpoints/", since).json()["results"]
    late = client.patch(address, {"subject": "B"}, headers={"If-Match": seen})
    assert late.status_code == 412
    assert [row["id"] for row in asked] == [talk.pk]
