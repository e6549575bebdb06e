import pytest

from tests.scoring.factories import (
    DAY,
    ONE_DAY,
    make_talk,
    make_tracked_account,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "business_reviews"


def test_it_counts_regular_and_executive_meetings():
    account = make_tracked_account()
    for ago, type_ in ((10, "regular_meeting"), (90, "executive_meeting"), (20, "call")):
        make_talk(account, DAY - ago * ONE_DAY, type=type_)
    make_talk(account, DAY - 200 * ONE_DAY, type="regular_meeting")

    assert read(account, KEY) == 2


def test_tech_touch_asks_for_none():
    assert read(make_tracked_account(touch_model="tech"), KEY) is None
