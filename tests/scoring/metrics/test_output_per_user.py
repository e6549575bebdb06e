import pytest

from tests.scoring.factories import (
    DAY,
    ONE_DAY,
    last_days,
    make_event_name,
    make_tracked_account,
    make_usage,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "output_per_user"


def test_it_is_shared_by_those_who_were_active():
    make_event_name("order registered", meaning="record")
    account = make_tracked_account()
    make_usage(account=account, days=last_days(3), users=2, events=5, name="order registered")
    make_usage(account=account, days=[DAY], users=4)

    assert read(account, KEY) == 30 / 4


def test_none_is_zero_also_where_nobody_was_active():
    make_event_name("order registered", meaning="record")

    assert read(make_tracked_account(), KEY) == 0


def test_a_younger_customer_is_scaled_up():
    make_event_name("order registered", meaning="record")
    account = make_tracked_account(customer_since_on=DAY - 44 * ONE_DAY)
    make_usage(account=account, days=last_days(2), events=5, name="order registered")

    assert read(account, KEY) == 20
