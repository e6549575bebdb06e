import pytest

from scoring.models import EventName
from tests.scoring.factories import (
    last_days,
    make_tracked_account,
    make_usage,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "key_workflow_share"


def test_it_is_the_share_of_active_users():
    EventName.objects.create(name="plan published", counts_users=True)
    account = make_tracked_account()
    make_usage(account=account, days=last_days(2), users=8)
    make_usage(account=account, days=last_days(2), users=2, name="plan published")

    assert read(account, KEY) == pytest.approx(0.25)


def test_without_a_key_workflow_there_is_nothing_to_measure():
    account = make_tracked_account()
    make_usage(account=account, days=last_days(2), users=8)

    assert read(account, KEY) is None
