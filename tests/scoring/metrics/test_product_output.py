import pytest

from tests.scoring.factories import (
    DAY,
    last_days,
    make_event_name,
    make_tracked_account,
    make_usage,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "product_output"


def test_it_adds_up_data_and_mails_by_what_each_event_stands_for():
    make_event_name("order registered", meaning="record")
    make_event_name("mailing sent", meaning="mail", summed_property="recipients")
    account = make_tracked_account()
    make_usage(account=account, days=last_days(3), events=2, name="order registered")
    make_usage(account=account, days=[DAY], name="mailing sent", total=500)
    make_usage(account=account, days=[DAY], name="page viewed")

    assert read(account, KEY) == 506


def test_it_is_missing_until_an_event_has_a_meaning():
    account = make_tracked_account()
    make_usage(account=account, days=last_days(3))

    assert read(account, KEY) is None
