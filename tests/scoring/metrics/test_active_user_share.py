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

KEY = "active_user_share"


def test_it_is_distinct_users_of_28_days_by_licensed_users():
    account = make_tracked_account(licensed_users=10)
    make_usage(account=account, days=last_days(3), users=6)
    make_usage(account=account, days=[DAY - 28 * ONE_DAY], users=9)

    assert read(account, KEY) == pytest.approx(0.6)


def test_a_window_may_span_months():
    account = make_tracked_account(licensed_users=4)
    make_usage(account=account, days=[DAY - 27 * ONE_DAY, DAY], users=2)

    assert read(account, KEY) == pytest.approx(0.5)


def test_silence_of_a_live_source_is_0_and_of_a_dead_one_unknown():
    account = make_tracked_account()

    assert read(account, KEY) == 0
    assert read(account, KEY, day=DAY + 3 * ONE_DAY) is None


def test_it_is_missing_where_no_usage_is_expected_or_nobody_is_licensed():
    assert read(make_tracked_account(tracked=False), KEY) is None
    assert read(make_tracked_account(licensed_users=None), KEY) is None


def test_it_is_missing_for_a_customer_of_less_than_two_weeks():
    assert read(make_tracked_account(customer_since_on=DAY - 9 * ONE_DAY), KEY) is None
