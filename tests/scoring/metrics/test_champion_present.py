import pytest

from tests.factories import make_contact
from tests.scoring.factories import (
    DAY,
    ONE_DAY,
    make_role,
    make_tracked_account,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "champion_present"


def test_a_champion_confirmed_within_a_year_is_there():
    account = make_tracked_account()
    make_role(make_contact(account=account), "champion")

    assert read(account, KEY) == 1
    assert read(account, KEY, day=DAY + 370 * ONE_DAY) == 0


def test_nobody_is_none_where_one_is_required_and_missing_elsewhere():
    assert read(make_tracked_account(), KEY) == 0
    assert read(make_tracked_account(touch_model="tech"), KEY) is None
