import pytest

from tests.factories import make_contact
from tests.scoring.factories import (
    DAY,
    ONE_DAY,
    make_talk,
    make_tracked_account,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "contacts_touched"


def test_it_counts_people_talked_with_within_90_days_once_each():
    account = make_tracked_account()
    one, two, old = (make_contact(account=account) for _ in range(3))
    make_talk(account, DAY - 80 * ONE_DAY, one, two)
    make_talk(account, DAY - 3 * ONE_DAY, one)
    make_talk(account, DAY - 91 * ONE_DAY, old)

    assert read(account, KEY) == 2


def test_tech_touch_is_not_measured_by_it():
    assert read(make_tracked_account(touch_model="tech"), KEY) is None
