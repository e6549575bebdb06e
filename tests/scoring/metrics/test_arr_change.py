import datetime as dt

import pytest

from accounts.models import Contract
from tests.scoring.factories import (
    LONG_KNOWN,
    make_tracked_account,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "arr_change"
START, RAISE = dt.date(2024, 4, 1), dt.date(2026, 4, 1)


def test_it_compares_with_a_year_ago():
    account = make_tracked_account()
    contract = Contract.objects.create(account=account, kind="open_ended", starts_on=START)
    contract.terms.create(arr=100, starts_on=START, ends_on=RAISE, recorded_at=LONG_KNOWN)
    contract.terms.create(arr=108, starts_on=RAISE, recorded_at=LONG_KNOWN)

    assert read(account, KEY) == pytest.approx(1.08)


def test_a_younger_customer_has_nothing_to_compare_with():
    account = make_tracked_account()
    contract = Contract.objects.create(account=account, kind="open_ended", starts_on=RAISE)
    contract.terms.create(arr=108, starts_on=RAISE, recorded_at=LONG_KNOWN)

    assert read(account, KEY) is None
