import pytest

from tests.scoring.factories import (
    last_days,
    make_event_name,
    make_tracked_account,
    make_usage,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "registered_data"


def test_it_counts_events_that_register_data_and_nothing_else():
    make_event_name("order registered", meaning="record")
    make_event_name("mailing sent", meaning="mail")
    account = make_tracked_account()
    make_usage(account=account, days=last_days(100), name="order registered")
    make_usage(account=account, days=last_days(3), name="mailing sent")

    assert read(account, KEY) == 90


def test_a_file_of_many_rows_counts_by_its_rows():
    make_event_name("file loaded", meaning="record", summed_property="rows")
    account = make_tracked_account()
    make_usage(account=account, days=last_days(2), name="file loaded", total=40)

    assert read(account, KEY) == 80
