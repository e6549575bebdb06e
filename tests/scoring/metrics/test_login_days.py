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

KEY = "login_days"


def test_it_counts_days_on_which_anybody_used_the_product():
    account = make_tracked_account()
    make_usage(account=account, days=last_days(5), users=3)
    make_usage(account=account, days=[DAY - 25 * ONE_DAY], users=1)
    make_usage(account=account, days=[DAY - 28 * ONE_DAY], users=1)

    assert read(account, KEY) == 6


def test_a_late_event_counts_from_the_day_it_became_known():
    account = make_tracked_account()
    make_usage(account=account, days=[DAY - 3 * ONE_DAY], known_on=DAY + ONE_DAY)

    assert read(account, KEY) == 0
    assert read(account, KEY, day=DAY + ONE_DAY) == 1


def test_a_younger_customer_is_scaled_up():
    account = make_tracked_account(customer_since_on=DAY - 13 * ONE_DAY)
    make_usage(account=account, days=last_days(7))

    assert read(account, KEY) == pytest.approx(14)
