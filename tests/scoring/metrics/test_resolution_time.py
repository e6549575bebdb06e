import datetime as dt

import pytest

from tests.scoring.factories import (
    ONE_DAY,
    age_of,
    make_ticket,
    make_tracked_account,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "resolution_time"


def test_it_is_the_median_of_business_days_by_target():
    account = make_tracked_account()
    friday = dt.date(2026, 6, 5)
    make_ticket(account=account, opened=friday, resolved=friday + 3 * ONE_DAY, severity="critical")
    make_ticket(account=account, opened=friday, resolved=friday + 7 * ONE_DAY, severity="normal")
    make_ticket(account=account, opened=friday, resolved=friday + 4 * ONE_DAY, severity="critical")

    assert read(account, KEY) == pytest.approx(1)
    assert age_of(account, KEY) == 7


def test_without_a_ticket_there_is_nothing_to_measure():
    assert read(make_tracked_account(), KEY) is None
