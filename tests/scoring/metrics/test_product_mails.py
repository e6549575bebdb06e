import pytest

from tests.scoring.factories import (
    last_days,
    make_event_name,
    make_tracked_account,
    make_usage,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "product_mails"


def test_it_counts_mails_that_left_through_the_product():
    make_event_name("mail sent", meaning="mail")
    make_event_name("mailing sent", meaning="mail", summed_property="recipients")
    account = make_tracked_account()
    make_usage(account=account, days=last_days(3), name="mail sent")
    make_usage(account=account, days=last_days(1), name="mailing sent", total=120)

    assert read(account, KEY) == 123


def test_none_is_zero_for_a_customer_whose_source_is_alive():
    make_event_name("mail sent", meaning="mail")

    assert read(make_tracked_account(), KEY) == 0
