import math

import pytest

from tests.scoring.factories import (
    DAY,
    ONE_DAY,
    last_days,
    make_tracked_account,
    make_usage,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "usage_change"


def test_it_is_the_logarithm_of_the_change():
    account = make_tracked_account()
    make_usage(account=account, days=last_days(28), events=1)
    make_usage(account=account, days=last_days(28, until=DAY - 28 * ONE_DAY), events=3)

    assert read(account, KEY) == pytest.approx(math.log((28 + 1) / (84 + 1)))


def test_a_dead_account_shows_no_change_at_all():
    account = make_tracked_account()
    make_usage(account=account, days=last_days(19))

    assert read(account, KEY) is None
