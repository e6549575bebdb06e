import pytest

from tests.scoring.factories import (
    DAY,
    ONE_DAY,
    make_ticket,
    make_tracked_account,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "ticket_csat"


def test_it_is_the_mean_of_three_answers_or_more():
    account = make_tracked_account()
    opened = DAY - 20 * ONE_DAY
    for csat in (5, 4, 3, None):
        make_ticket(account=account, opened=opened, resolved=opened, csat=csat)

    assert read(account, KEY) == pytest.approx(4)


def test_two_answers_say_nothing():
    account = make_tracked_account()
    for csat in (5, 4):
        make_ticket(account=account, opened=DAY, resolved=DAY, csat=csat)

    assert read(account, KEY) is None
