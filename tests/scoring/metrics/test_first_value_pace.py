import pytest

from accounts.models import OnboardingMilestone
from tests.factories import make_milestone
from tests.scoring.factories import (
    DAY,
    LONG_KNOWN,
    ONE_DAY,
    make_tracked_account,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "first_value_pace"


@pytest.fixture
def account():
    account = make_tracked_account(customer_since_on=DAY - 30 * ONE_DAY)
    make_milestone(
        account=account,
        key="first",
        due_on=DAY - 10 * ONE_DAY,
        is_first_value=True,
        recorded_at=LONG_KNOWN,
    )
    return account


def test_it_goes_on_until_first_value_is_reached(account):
    assert read(account, KEY) == 1.5
    assert read(account, KEY, day=DAY + 10 * ONE_DAY) == 2


def test_it_stands_still_once_first_value_is_reached(account):
    OnboardingMilestone.objects.update(done_on=DAY - 20 * ONE_DAY)

    assert read(account, KEY) == 0.5
    assert read(account, KEY, day=DAY + 10 * ONE_DAY) == 0.5


def test_without_such_a_milestone_it_is_missing():
    assert read(make_tracked_account(), KEY) is None
