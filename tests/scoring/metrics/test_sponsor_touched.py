import pytest

from tests.factories import make_contact
from tests.scoring.factories import (
    DAY,
    ONE_DAY,
    make_role,
    make_talk,
    make_tracked_account,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "sponsor_touched"


def test_a_talk_with_the_sponsor_counts_for_90_days():
    account = make_tracked_account()
    sponsor = make_contact(account=account)
    make_role(sponsor, "executive_sponsor")
    make_talk(account, DAY - 89 * ONE_DAY, sponsor)

    assert read(account, KEY) == 1
    assert read(account, KEY, day=DAY + ONE_DAY) == 0


def test_where_no_sponsor_is_required_it_is_missing():
    assert read(make_tracked_account(touch_model="low"), KEY) is None
