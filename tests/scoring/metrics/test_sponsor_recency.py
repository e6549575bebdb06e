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

KEY = "sponsor_recency"


def test_it_counts_days_since_the_executive_sponsor_was_touched():
    account = make_tracked_account(touch_model="high")
    sponsor, other = make_contact(account=account), make_contact(account=account)
    make_role(sponsor, "executive_sponsor")
    make_talk(account, DAY - 82 * ONE_DAY, sponsor)
    make_talk(account, DAY - 3 * ONE_DAY, other)

    assert read(account, KEY) == 82


def test_only_where_a_sponsor_is_required():
    assert read(make_tracked_account(touch_model="low"), KEY) is None
