import pytest

from tests.scoring.factories import (
    DAY,
    ONE_DAY,
    make_event_name,
    make_tracked_account,
    make_usage,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "reviews"


def test_it_counts_reviews_written_within_90_days():
    make_event_name("review posted", meaning="review")
    account = make_tracked_account()
    make_usage(account=account, days=[DAY, DAY - 89 * ONE_DAY], name="review posted")
    make_usage(account=account, days=[DAY - 90 * ONE_DAY], name="review posted")

    assert read(account, KEY) == 2


def test_it_is_missing_where_no_event_is_a_review():
    assert read(make_tracked_account(), KEY) is None
