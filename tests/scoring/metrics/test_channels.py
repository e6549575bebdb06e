import pytest

from tests.scoring.factories import DAY, ONE_DAY, make_talk, make_tracked_account, read

pytestmark = pytest.mark.django_db

KEY = "channels"


def test_it_counts_the_ways_in_which_both_sides_talked():
    account = make_tracked_account()
    for ago, way in ((1, "visit"), (5, "mail"), (9, "mail"), (89, "call"), (91, "chat")):
        make_talk(account, DAY - ago * ONE_DAY, type=way)
    make_talk(account, DAY, type="online_meeting", direction="outbound")

    assert read(account, KEY) == 3


def test_nobody_talked_to_is_none():
    assert read(make_tracked_account(), KEY) == 0


def test_tech_touch_asks_for_none():
    assert read(make_tracked_account(touch_model="tech"), KEY) is None
