import pytest

from tests.scoring.factories import (
    DAY,
    ONE_DAY,
    make_ticket,
    make_tracked_account,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "open_high_tickets"


def test_it_counts_open_tickets_of_this_severity():
    account = make_tracked_account()
    make_ticket(account=account, opened=DAY - ONE_DAY, severity="high")
    make_ticket(account=account, opened=DAY - ONE_DAY, severity="low")
    make_ticket(account=account, opened=DAY - ONE_DAY, resolved=DAY, severity="high")

    assert read(account, KEY) == 1
    assert read(account, KEY, day=DAY - ONE_DAY) == 2


def test_none_is_zero_for_a_customer_who_once_asked_and_missing_for_another():
    asked, silent = make_tracked_account(), make_tracked_account()
    make_ticket(account=asked, opened=DAY - 9 * ONE_DAY, resolved=DAY - 8 * ONE_DAY)

    assert (read(asked, KEY), read(silent, KEY)) == (0, None)
