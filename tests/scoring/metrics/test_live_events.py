import pytest

from tests.scoring.factories import (
    DAY,
    ONE_DAY,
    last_days,
    make_tracked_account,
    make_usage,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "live_events"


def test_it_counts_events_of_28_days_once_live():
    account = make_tracked_account(live_on=DAY - 90 * ONE_DAY)
    make_usage(account=account, days=last_days(40), events=2)

    assert read(account, KEY) == 56


def test_before_that_it_is_missing():
    assert read(make_tracked_account(live_on=DAY - 27 * ONE_DAY), KEY) is None
    assert read(make_tracked_account(live_on=None), KEY) is None
