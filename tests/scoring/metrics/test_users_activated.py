import pytest

from tests.scoring.factories import (
    DAY,
    ONE_DAY,
    make_event_name,
    make_tracked_account,
    make_usage,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "users_activated"


def test_it_compares_who_was_active_with_who_was_invited():
    make_event_name("user invited", meaning="invite")
    account = make_tracked_account(customer_since_on=DAY - 20 * ONE_DAY, licensed_users=50)
    make_usage(account=account, days=[DAY - 19 * ONE_DAY], users=1, events=8, name="user invited")
    make_usage(account=account, days=[DAY - 9 * ONE_DAY], users=6)

    assert read(account, KEY) == 0.75


def test_without_invitations_it_compares_with_the_licensed_users():
    account = make_tracked_account(licensed_users=12)
    make_usage(account=account, days=[DAY], users=3)

    assert read(account, KEY) == 0.25


def test_more_users_than_invitations_are_all_of_them():
    account = make_tracked_account(licensed_users=2)
    make_usage(account=account, days=[DAY], users=3)

    assert read(account, KEY) == 1
