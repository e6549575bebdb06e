"""Who a person is: what is theirs, asked of the other contacts no more than needed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.services.contacts import update_contact
from accounts.services.privacy.people import person_of
from config.lib.clock import app_now
from tests.factories import make_account, make_contact

pytestmark = pytest.mark.django_db
OLD, NEW = "old@customer.example", "new@customer.example"


def searches_of_contacts(contact) -> int:
    with CaptureQueriesContext(connection) as asked:
        person_of(contact)
    return sum("~*" in query["sql"] for query in asked)


def test_only_an_address_given_up_is_looked_for_among_all_contacts():
    contact = make_contact(account=make_account(), email=OLD, phone="")
    assert searches_of_contacts(contact) == 0

    update_contact(contact=contact, changes={"email": NEW}, at=app_now())
    assert searches_of_contacts(contact) == 1


@pytest.mark.parametrize(("another", "theirs"), [(OLD, {NEW}), (NEW, {OLD, NEW})])
def test_an_address_given_up_is_theirs_unless_somebody_else_has_it_now(another, theirs):
    contact = make_contact(account=make_account(), email=OLD)
    update_contact(contact=contact, changes={"email": NEW}, at=app_now())
    make_contact(account=make_account(), email=another, person_key=None)

    assert set(person_of(contact).addresses) == theirs
