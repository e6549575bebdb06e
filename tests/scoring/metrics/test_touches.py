import pytest

from tests.scoring.factories import (
    DAY,
    ONE_DAY,
    make_talk,
    make_tracked_account,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "touches"


def test_it_counts_talks_both_sides_took_part_in():
    account = make_tracked_account()
    for ago in (1, 30, 89, 90):
        make_talk(account, DAY - ago * ONE_DAY)
    make_talk(account, DAY - 2 * ONE_DAY, direction="outbound")

    assert read(account, KEY) == 3


def test_a_younger_customer_is_scaled_up():
    account = make_tracked_account(customer_since_on=DAY - 29 * ONE_DAY)
    make_talk(account, DAY)

    assert read(account, KEY) == pytest.approx(3)


def test_tech_touch_asks_for_none():
    assert read(make_tracked_account(touch_model="tech"), KEY) is None
