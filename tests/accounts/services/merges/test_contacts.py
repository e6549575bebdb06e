import datetime as dt

import pytest

from accounts.models import (
    Contact,
    ExternalRef,
    StakeholderRelation,
    StakeholderRole,
    TouchpointTodo,
)
from accounts.services.merges.contacts import merge_contacts, preview_contact_merge
from accounts.services.merges.records import AlreadyMerged, MergeOfOne
from accounts.services.merges.undo import undo_merge
from scoring.models import UsageUser
from surveys.models import Invitation
from tests.accounts.services.merges.books import AT, fill, picture
from tests.factories import LONG_AGO, make_account, make_contact, make_organisation

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(hours=1)


@pytest.fixture
def pair(db):
    make_organisation()
    account = make_account()
    fill(account)
    source, target = account.contacts.order_by("pk")
    return source, target


def test_parts_links_and_open_items_follow_the_person(pair):
    source, target = pair
    boss = make_contact(account=source.account)
    line = StakeholderRelation.objects.create(
        account=source.account,
        from_contact=source,
        to_contact=boss,
        kind="reports_to",
        starts_on=LONG_AGO,
    )
    successor_of = make_contact(account=source.account, successor=source)

    merge_contacts(source=source, into=target, at=AT)

    source.refresh_from_db()
    assert (source.merged_into, source.archived_at) == (target, AT)
    line.refresh_from_db()
    assert line.from_contact == target
    successor_of.refresh_from_db()
    assert successor_of.successor == target
    assert UsageUser.objects.get().contact == target
    assert Invitation.objects.get().contact == target
    assert set(TouchpointTodo.objects.values_list("contact", flat=True)) == {target.pk}


def test_nobody_influences_themselves_or_plays_a_part_twice(pair):
    source, target = pair

    merge_contacts(source=source, into=target, at=AT)

    assert not StakeholderRelation.objects.open().exists()
    assert [part.contact for part in StakeholderRole.objects.open()] == [target]


def test_a_person_only_seen_becomes_the_one_who_was_introduced(pair):
    source, _target = pair
    ghost = make_contact(
        account=source.account, family_name="", given_name="", email="", is_ghost=True
    )

    preview = preview_contact_merge(source=source, into=ghost, at=AT)
    merge_contacts(source=source, into=ghost, at=AT)

    ghost.refresh_from_db()
    assert (ghost.family_name, ghost.email, ghost.is_ghost) == ("水上", source.email, False)
    assert {field.name: field.taken for field in preview.fields}["external_id"] == "target"
    assert ExternalRef.objects.filter(value=source.external_id, object_id=ghost.pk).exists()


@pytest.mark.parametrize("keep", [{}, {"external_id": "source", "email": "source"}])
def test_undoing_leaves_everything_as_it_was(pair, keep):
    source, target = pair
    before = picture()

    record = merge_contacts(source=source, into=target, keep=keep, at=AT)
    assert picture() != before
    undo_merge(record=record, at=LATER)

    assert picture() == before | {"accounts.contact": picture()["accounts.contact"]}
    people = Contact.objects.filter(archived_at=None)
    assert set(people.values_list("pk", "email", "external_id")) == {
        (person.pk, person.email, person.external_id) for person in pair
    }


def test_a_person_of_another_account_comes_without_their_lines(pair):
    source, _target = pair
    elsewhere = make_contact(account=make_account())

    merge_contacts(source=source, into=elsewhere, at=AT)

    assert not StakeholderRelation.objects.open().exists()
    assert StakeholderRole.objects.open().get(contact=elsewhere).account == elsewhere.account


def test_a_contact_goes_into_one_other_only(pair):
    source, target = pair
    with pytest.raises(MergeOfOne):
        merge_contacts(source=source, into=source, at=AT)
    merge_contacts(source=source, into=target, at=AT)
    with pytest.raises(AlreadyMerged):
        merge_contacts(source=source, into=target, at=AT)
