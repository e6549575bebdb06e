import pytest

from tests.scoring.factories import (
    DAY,
    ONE_DAY,
    make_ticket,
    make_tracked_account,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "tickets_beyond_target"


def test_open_tickets_count_by_how_long_they_wait_already():
    account = make_tracked_account()
    make_ticket(account=account, opened=DAY - 30 * ONE_DAY, resolved=DAY - 29 * ONE_DAY)
    make_ticket(account=account, opened=DAY - 30 * ONE_DAY)
    make_ticket(account=account, opened=DAY - ONE_DAY)
    make_ticket(account=account, opened=DAY - 200 * ONE_DAY, resolved=DAY - 100 * ONE_DAY)

    assert read(account, KEY) == pytest.approx(1 / 3)
