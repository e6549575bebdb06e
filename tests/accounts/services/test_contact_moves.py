import datetime as dt

import pytest

from accounts.models import Contact, StakeholderRole
from accounts.services.contact_moves import (
    NameMissing,
    SameAccount,
    introduce_contact,
    move_contact,
)
from accounts.services.contacts import EmailTaken
from accounts.services.facts import InTheFuture
from accounts.services.stakeholders import assign_role
from tests.factories import make_account, make_contact

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 6, 10, 3, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 6, 10)


@pytest.fixture
def person(db):
    return make_contact(account=make_account(), family_kana="ミズカミ", approach="短く話す")


def test_one_who_goes_to_another_customer_leaves_here_and_is_known_there(person):
    assign_role(contact=person, role="champion", on=dt.date(2026, 4, 1), at=AT)

    there = move_contact(
        contact=person, account=make_account(), email="new@other.example", title="部長", at=AT
    )

    person.refresh_from_db()
    assert (person.state, person.left_on) == ("left", TODAY)
    assert not StakeholderRole.objects.current().holding_on(TODAY).exists()
    assert (there.moved_from, there.in_post_since_on) == (person, TODAY)
    assert (there.family_name, there.family_kana, there.approach) == (
        "水上",
        "ミズカミ",
        "短く話す",
    )
    assert (there.email, there.title, there.external_id) == ("new@other.example", "部長", None)


def test_a_move_leads_elsewhere_and_not_into_the_future(person):
    with pytest.raises(SameAccount):
        move_contact(contact=person, account=person.account, at=AT)
    with pytest.raises(InTheFuture):
        move_contact(contact=person, account=make_account(), on=dt.date(2026, 7, 1), at=AT)


def test_a_refused_move_leaves_everything_as_it_was(person):
    other = make_contact(account=make_account())

    with pytest.raises(EmailTaken):
        move_contact(contact=person, account=other.account, email=other.email, at=AT)

    person.refresh_from_db()
    assert person.state == "active"


def test_a_ghost_is_introduced_by_name(person):
    ghost = make_contact(account=person.account, family_name="", given_name="", is_ghost=True)

    with pytest.raises(NameMissing):
        introduce_contact(contact=ghost, fields={"title": "主任"}, at=AT)
    introduce_contact(contact=ghost, fields={"family_name": "田辺"}, at=AT)

    known = Contact.objects.get(pk=ghost.pk)
    assert (known.is_ghost, known.family_name) == (False, "田辺")
    assert "田辺" in known.search_text
