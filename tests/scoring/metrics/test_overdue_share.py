import datetime as dt

import pytest

from tests.scoring.factories import (
    DAY,
    make_invoice,
    make_tracked_account,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "overdue_share"


def test_it_is_the_unpaid_share_of_what_fell_due():
    account = make_tracked_account()
    due = dt.date(2026, 6, 1)
    make_invoice(account=account, due=due, paid=due, amount=300)
    make_invoice(account=account, due=due, amount=100)
    make_invoice(account=account, due=DAY, amount=600)

    assert read(account, KEY) == pytest.approx(0.1)
