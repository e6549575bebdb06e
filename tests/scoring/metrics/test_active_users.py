import pytest

from tests.scoring.factories import (
    last_days,
    make_tracked_account,
    make_usage,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "active_users"


def test_it_counts_people_not_events():
    account = make_tracked_account()
    make_usage(account=account, days=last_days(5), users=3, events=9)
    make_usage(account=account, days=last_days(60)[28:], users=8)

    assert read(account, KEY) == 3


def test_who_does_not_send_events_is_not_observed():
    assert read(make_tracked_account(tracked=False), KEY) is None
