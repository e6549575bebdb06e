import pytest

from tests.scoring.factories import (
    DAY,
    ONE_DAY,
    make_invoice,
    make_tracked_account,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "late_invoices"


def test_it_counts_what_is_unpaid_after_its_day():
    account = make_tracked_account()
    make_invoice(account=account, due=DAY - 40 * ONE_DAY)
    make_invoice(account=account, due=DAY - 20 * ONE_DAY, paid=DAY - 2 * ONE_DAY)
    make_invoice(account=account, due=DAY + 20 * ONE_DAY)

    assert read(account, KEY) == 1
    assert read(account, KEY, day=DAY - 3 * ONE_DAY) == 2


def test_who_never_had_an_invoice_has_none_on_time():
    assert read(make_tracked_account(), KEY) is None
