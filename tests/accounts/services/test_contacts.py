import datetime as dt

import pytest

from accounts.models import Contact, DirtyAccount, StakeholderRole
from accounts.services.contacts import (
    EmailTaken,
    ForeignContact,
    NamelessContact,
    archive_contact,
    create_contact,
    update_contact,
)
from accounts.services.outbox import person_key_of
from accounts.services.stakeholders import assign_role
from tests.accounts.people import change_contact_state
from tests.factories import make_account, make_contact

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 3, 10, 3, 0, tzinfo=dt.UTC)
APRIL = dt.date(2026, 4, 1)
TODAY = dt.date(2026, 3, 10)


def parts_of(contact, on=TODAY):
    parts = StakeholderRole.objects.filter(contact=contact).current().holding_on(on)
    return {part.role: part.confirmed_on for part in parts}


def test_a_contact_is_found_by_kana_and_known_by_a_key_instead_of_the_address():
    contact = create_contact(
        account=make_account(),
        family_name="水上",
        given_name="隆",
        family_kana="ミズカミ",
        email=" Ryu@Customer.Example ",
        at=AT,
    )

    assert contact.email == "ryu@customer.example"
    assert contact.person_key == person_key_of("RYU@customer.example")
    assert "みずかみ" in contact.search_text
    assert DirtyAccount.objects.get().account_id == contact.account_id


def test_a_contact_without_name_and_address_could_not_be_told_from_others():
    with pytest.raises(NamelessContact):
        create_contact(account=make_account(), department="経営企画部", at=AT)


def test_an_address_is_free_again_once_its_contact_is_archived():
    contact = make_contact(account=make_account())
    same = {"account": contact.account, "email": contact.email, "family_name": "新"}
    with pytest.raises(EmailTaken):
        create_contact(at=AT, **same)

    archive_contact(contact=contact, at=AT)

    assert create_contact(at=AT, **same).email == contact.email


def test_the_same_person_may_stand_at_two_accounts():
    old = make_contact(account=make_account())

    new = create_contact(
        account=make_account(), email=old.email, family_name="水上", moved_from=old, at=AT
    )

    assert new.moved_from == old


def test_a_transfer_ahead_ends_the_parts_on_its_day_and_the_successor_is_unconfirmed():
    account = make_account()
    leaving, following = make_contact(account=account), make_contact(account=account)
    assign_role(contact=leaving, role="champion", confirmed_on=TODAY, at=AT)

    change_contact_state(contact=leaving, state="transferred", on=APRIL, successor=following, at=AT)

    assert parts_of(leaving) == {"champion": TODAY}
    assert parts_of(following) == {}
    assert parts_of(leaving, APRIL) == {}
    assert parts_of(following, APRIL) == {"champion": None}


def test_a_successor_named_later_takes_up_what_the_leaver_put_down():
    account = make_account()
    leaving, following = make_contact(account=account), make_contact(account=account)
    assign_role(contact=leaving, role="decision_maker", at=AT)
    gone = change_contact_state(contact=leaving, state="left", on=APRIL, at=AT)
    assert gone.left_on == APRIL

    update_contact(contact=gone, changes={"successor": following}, at=AT)

    assert parts_of(following, APRIL) == {"decision_maker": None}


def test_a_part_the_successor_plays_already_stays_as_confirmed_as_it_was():
    account = make_account()
    leaving, following = make_contact(account=account), make_contact(account=account)
    assign_role(contact=leaving, role="champion", at=AT)
    assign_role(contact=following, role="champion", confirmed_on=TODAY, at=AT)

    change_contact_state(contact=leaving, state="left", successor=following, at=AT)

    assert parts_of(following) == {"champion": TODAY}


def test_somebody_of_another_company_does_not_follow():
    contact = make_contact(account=make_account())

    for other in (make_contact(account=make_account()), contact):
        with pytest.raises(ForeignContact):
            update_contact(contact=contact, changes={"successor": other}, at=AT)
    assert Contact.objects.get(pk=contact.pk).successor is None
