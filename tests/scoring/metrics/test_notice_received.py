import datetime as dt

import pytest

from accounts.models import Contract
from tests.scoring.factories import (
    DAY,
    ONE_DAY,
    make_tracked_account,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "notice_received"
START = dt.date(2025, 8, 1)


def test_a_notice_counts_until_the_contract_ends():
    account = make_tracked_account()
    Contract.objects.create(
        account=account,
        starts_on=START,
        ends_on=DAY + 30 * ONE_DAY,
        notice_received_on=DAY - ONE_DAY,
    )

    assert read(account, KEY) == 1
    assert read(account, KEY, day=DAY - 2 * ONE_DAY) is None
    assert read(account, KEY, day=DAY + 31 * ONE_DAY) is None
