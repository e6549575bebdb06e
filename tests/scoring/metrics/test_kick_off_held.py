import pytest

from tests.factories import make_contact, make_milestone
from tests.scoring.factories import (
    DAY,
    LONG_KNOWN,
    ONE_DAY,
    make_role,
    make_talk,
    make_tracked_account,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "kick_off_held"


@pytest.fixture
def account():
    account = make_tracked_account(customer_since_on=DAY - 10 * ONE_DAY)
    make_role(make_contact(account=account), "decision_maker")
    return account


def plan(account, **fields):
    make_milestone(
        account=account,
        key="kick_off",
        recorded_at=LONG_KNOWN,
        **{"due_on": DAY - 3 * ONE_DAY, **fields},
    )


def meet(account):
    make_talk(account, DAY - 5 * ONE_DAY, account.contacts.get(), type="visit")


def test_the_decision_maker_took_part(account):
    plan(account, done_on=DAY - 5 * ONE_DAY)
    meet(account)

    assert read(account, KEY) == 1


def test_a_kick_off_without_the_decision_maker_is_none_once_it_was_due(account):
    plan(account, done_on=DAY - 5 * ONE_DAY)

    assert read(account, KEY) == 0
    assert read(account, KEY, day=DAY - 3 * ONE_DAY) is None


def test_without_a_planned_one_meeting_the_decision_maker_is_enough(account):
    assert read(account, KEY) is None
    assert read(account, KEY, day=DAY + 5 * ONE_DAY) == 0
    meet(account)
    assert read(account, KEY) == 1
