import pytest

from tests.scoring.factories import (
    DAY,
    ONE_DAY,
    make_ticket,
    make_tracked_account,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "tickets_opened"


def test_it_counts_by_the_day_of_opening():
    account = make_tracked_account()
    make_ticket(account=account, opened=DAY - 100 * ONE_DAY)
    make_ticket(account=account, opened=DAY - 89 * ONE_DAY, resolved=DAY - 5 * ONE_DAY)
    make_ticket(account=account, opened=DAY)

    assert read(account, KEY) == 2


def test_silence_of_a_customer_who_once_asked_is_zero_and_of_another_missing():
    account = make_tracked_account()
    make_ticket(account=account, opened=DAY - 100 * ONE_DAY)

    assert read(account, KEY) == 0
    assert read(make_tracked_account(), KEY) is None
