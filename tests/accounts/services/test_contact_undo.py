import datetime as dt

import pytest

from accounts.models import Contact, ContactStanding, StakeholderRole
from accounts.services.contact_undo import remember_contact, restore_contact, take_back_change
from accounts.services.contacts import (
    EmailTaken,
    archive_contact,
    update_contact,
)
from accounts.services.facts import ChangedSince
from accounts.services.stakeholders import assign_role, confirm_role, set_standing
from tests.accounts.people import change_contact_state
from tests.factories import make_account, make_contact

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 6, 10, 3, 0, tzinfo=dt.UTC)
LATER, LATEST = AT + dt.timedelta(hours=1), AT + dt.timedelta(hours=2)
TODAY, APRIL = dt.date(2026, 6, 10), dt.date(2026, 4, 1)


@pytest.fixture
def person(db):
    contact = make_contact(account=make_account(), updated_at=AT)
    assign_role(contact=contact, role="champion", on=APRIL, confirmed_on=APRIL, at=AT)
    return contact


def parts():
    rows = StakeholderRole.objects.current().holding_on(TODAY)
    return set(rows.values_list("contact", "role", "starts_on", "ends_on", "confirmed_on"))


def test_a_departure_taken_back_leaves_nothing_behind(person):
    heir = make_contact(account=person.account, updated_at=AT)
    before, held = remember_contact(person), parts()
    change_contact_state(contact=person, state="left", successor=heir, on=TODAY, at=LATER)
    assert parts() != held

    take_back_change(contact=person, before=before, written_at=LATER, at=LATEST)

    person.refresh_from_db()
    assert (person.state, person.left_on, person.successor) == ("active", None, None)
    assert parts() == held


def test_what_was_known_in_between_stays_known(person):
    before = remember_contact(person)
    change_contact_state(contact=person, state="left", on=TODAY, at=LATER)
    take_back_change(contact=person, before=before, written_at=LATER, at=LATEST)

    rows = StakeholderRole.objects.filter(contact=person)
    between = LATER + dt.timedelta(minutes=1)
    assert [rows.as_of(TODAY, k).count() for k in (AT, between, LATEST)] == [1, 0, 1]


def test_a_confirmation_is_taken_back(person):
    before = remember_contact(person)
    part = StakeholderRole.objects.current().get()
    confirm_role(stakeholder=part, at=LATER)

    take_back_change(contact=person, before=before, written_at=LATER, at=LATEST)

    assert StakeholderRole.objects.current().get().confirmed_on == APRIL


def test_a_standing_given_and_taken_back_twice_is_the_first_again(person):
    set_standing(contact=person, stance="opponent", on=APRIL, at=AT)
    before = remember_contact(person)
    set_standing(contact=person, stance="supporter", on=APRIL, at=LATER)

    take_back_change(contact=person, before=before, written_at=LATER, at=LATEST)

    assert ContactStanding.objects.current().get().stance == "opponent"


def test_what_was_changed_again_is_not_taken_back(person):
    before = remember_contact(person)
    change_contact_state(contact=person, state="left", on=TODAY, at=LATER)
    update_contact(contact=person, changes={"title": "部長"}, at=LATEST)

    with pytest.raises(ChangedSince):
        take_back_change(
            contact=person, before=before, written_at=LATER, at=LATEST + dt.timedelta(hours=1)
        )


def test_a_part_changed_again_is_not_taken_back(person):
    before = remember_contact(person)
    part = StakeholderRole.objects.current().get()
    confirm_role(stakeholder=part, at=LATER)
    confirm_role(stakeholder=part, on=dt.date(2026, 6, 1), at=LATEST)

    with pytest.raises(ChangedSince):
        take_back_change(
            contact=person, before=before, written_at=LATER, at=LATEST + dt.timedelta(hours=1)
        )


def test_an_archived_contact_comes_back_with_their_part(person):
    held = parts()
    archive_contact(contact=person, at=LATER)
    assert parts() == set()

    restore_contact(contact=person, at=LATEST)

    assert parts() == held
    assert Contact.objects.get(pk=person.pk).archived_at is None


def test_nobody_comes_back_to_an_address_that_is_somebody_elses_now(person):
    archive_contact(contact=person, at=LATER)
    make_contact(account=person.account, email=person.email)

    with pytest.raises(EmailTaken):
        restore_contact(contact=person, at=LATEST)
