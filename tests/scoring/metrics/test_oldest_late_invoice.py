import datetime as dt

import pytest

from tests.scoring.factories import (
    DAY,
    make_invoice,
    make_tracked_account,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "oldest_late_invoice"


def test_it_counts_days_since_the_oldest_unpaid_one_fell_due():
    account = make_tracked_account()
    make_invoice(account=account, due=dt.date(2026, 5, 12))
    make_invoice(account=account, due=dt.date(2026, 4, 1), paid=DAY)
    make_invoice(account=account, due=dt.date(2026, 6, 12))

    assert read(account, KEY) == 38


def test_nothing_late_is_missing_and_not_a_merit():
    account = make_tracked_account()
    make_invoice(account=account, due=DAY)

    assert read(account, KEY) is None
