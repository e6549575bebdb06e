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

KEY = "milestones_done"


def test_only_what_is_due_counts():
    account = make_tracked_account()
    plan = {"account": account, "recorded_at": LONG_KNOWN}
    make_milestone(key="a", due_on=DAY - 9 * ONE_DAY, done_on=DAY - 8 * ONE_DAY, **plan)
    make_milestone(key="b", due_on=DAY, **plan)
    make_milestone(key="c", due_on=DAY + ONE_DAY, **plan)

    assert read(account, KEY) == 0.5
    assert read(account, KEY, day=DAY - ONE_DAY) == 1


def test_before_anything_is_due_it_is_missing():
    account = make_tracked_account()
    make_milestone(account=account, key="a", due_on=DAY + ONE_DAY, recorded_at=LONG_KNOWN)

    assert read(account, KEY) is None
