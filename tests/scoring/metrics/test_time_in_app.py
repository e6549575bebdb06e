import pytest

from tests.scoring.factories import (
    last_days,
    make_event_name,
    make_tracked_account,
    make_usage,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "time_in_app"


def test_it_is_the_minutes_of_sessions_by_active_user():
    make_event_name("session ended", meaning="session", summed_property="minutes")
    account = make_tracked_account()
    make_usage(account=account, days=last_days(30), users=2)
    make_usage(account=account, days=last_days(30), name="session ended", total=45)

    assert read(account, KEY) == pytest.approx(28 * 45 / 2)


def test_nobody_active_is_no_time_for_a_customer_whose_source_is_alive():
    make_event_name("session ended", meaning="session", summed_property="minutes")

    assert read(make_tracked_account(), KEY) == 0


def test_it_is_missing_where_no_event_adds_minutes_up():
    make_event_name("session ended", meaning="session")
    account = make_tracked_account()
    make_usage(account=account, days=last_days(5), name="session ended")

    assert read(account, KEY) is None
