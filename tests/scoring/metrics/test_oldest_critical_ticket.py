import datetime as dt

import pytest

from tests.scoring.factories import (
    DAY,
    ONE_DAY,
    make_ticket,
    make_tracked_account,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "oldest_critical_ticket"


def test_it_counts_business_days_since_the_oldest_was_opened():
    account = make_tracked_account()
    make_ticket(account=account, opened=DAY - 7 * ONE_DAY, severity="critical")
    make_ticket(account=account, opened=DAY - ONE_DAY, severity="critical")

    assert read(account, KEY) == 5


def test_three_business_days_over_a_weekend_are_not_more_than_three():
    account = make_tracked_account()
    make_ticket(account=account, opened=DAY, severity="critical")

    assert read(account, KEY, day=dt.date(2026, 6, 24)) == 3
    assert read(account, KEY, day=dt.date(2026, 6, 25)) == 4
