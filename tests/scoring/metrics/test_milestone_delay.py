import pytest

from tests.factories import make_milestone
from tests.scoring.factories import (
    DAY,
    LONG_KNOWN,
    ONE_DAY,
    make_tracked_account,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "milestone_delay"


def test_it_counts_business_days_since_the_oldest_open_one_was_due():
    account = make_tracked_account()
    plan = {"account": account, "recorded_at": LONG_KNOWN}
    make_milestone(key="a", due_on=DAY - 30 * ONE_DAY, done_on=DAY - 8 * ONE_DAY, **plan)
    make_milestone(key="b", due_on=DAY - 7 * ONE_DAY, **plan)

    assert read(account, KEY) == 5


def test_ahead_of_the_plan_it_lies_below_zero():
    account = make_tracked_account()
    make_milestone(account=account, key="a", due_on=DAY + 3 * ONE_DAY, recorded_at=LONG_KNOWN)

    assert read(account, KEY) == -1


def test_all_done_is_zero_and_no_plan_is_missing():
    account = make_tracked_account()

    assert read(account, KEY) is None
    make_milestone(account=account, key="a", due_on=DAY, done_on=DAY, recorded_at=LONG_KNOWN)
    assert read(account, KEY) == 0
