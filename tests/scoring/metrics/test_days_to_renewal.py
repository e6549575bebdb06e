import pytest

from tests.factories import make_contract
from tests.scoring.factories import (
    DAY,
    ONE_DAY,
    make_tracked_account,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "days_to_renewal"


def test_it_counts_down_to_the_day_of_the_decision():
    account = make_tracked_account()
    make_contract(account=account, starts_on=DAY - 300 * ONE_DAY, ends_on=DAY + 60 * ONE_DAY)

    assert read(account, KEY) == 60
    assert read(account, KEY, day=DAY - 10 * ONE_DAY) == 70


def test_a_notice_leaves_nothing_to_decide():
    account = make_tracked_account()
    make_contract(
        account=account,
        starts_on=DAY - 300 * ONE_DAY,
        ends_on=DAY + 60 * ONE_DAY,
        notice_received_on=DAY - 5 * ONE_DAY,
    )

    assert read(account, KEY) is None
