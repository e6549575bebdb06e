import datetime as dt

import pytest

from tests.scoring.factories import (
    DAY,
    ONE_DAY,
    make_invoice,
    make_tracked_account,
    noon,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "days_late"


def test_it_weighs_lateness_by_amount_and_counts_what_is_still_open():
    account = make_tracked_account()
    due = dt.date(2026, 6, 1)
    make_invoice(account=account, due=due, paid=due, amount=300)
    make_invoice(account=account, due=due, amount=100)

    assert read(account, KEY) == pytest.approx(18 / 4)


def test_a_due_day_without_banking_moves_to_the_next_banking_day():
    account = make_tracked_account()
    sunday = dt.date(2026, 5, 31)
    make_invoice(account=account, due=sunday, paid=sunday + ONE_DAY)

    assert read(account, KEY) == 0


def test_without_an_invoice_there_is_nothing_to_measure():
    assert read(make_tracked_account(), KEY) is None


def test_a_payment_entered_later_was_not_known_before():
    account = make_tracked_account()
    due = dt.date(2026, 6, 1)
    invoice = make_invoice(account=account, due=due)
    invoice.payments.create(paid_on=due, amount=100, recorded_at=noon(DAY + ONE_DAY))

    assert read(account, KEY) == 18
    assert read(account, KEY, day=DAY + ONE_DAY) == 0
