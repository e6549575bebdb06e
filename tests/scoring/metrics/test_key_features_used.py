import pytest

from tests.scoring.factories import (
    DAY,
    ONE_DAY,
    last_days,
    make_event_name,
    make_tracked_account,
    make_usage,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "key_features_used"


def test_it_is_the_share_of_key_features_somebody_used():
    for name in ("export", "plan", "share", "api"):
        make_event_name(name, is_key_feature=True)
    account = make_tracked_account()
    make_usage(account=account, days=last_days(3), name="export")
    make_usage(account=account, days=[DAY - 89 * ONE_DAY], name="plan")
    make_usage(account=account, days=[DAY - 90 * ONE_DAY], name="share")
    make_usage(account=account, days=last_days(3), name="help opened")

    assert read(account, KEY) == 0.5


def test_with_no_key_feature_named_there_is_nothing_to_measure():
    account = make_tracked_account()
    make_usage(account=account, days=last_days(3))

    assert read(account, KEY) is None


def test_who_used_none_of_them_is_at_zero():
    make_event_name("export", is_key_feature=True)

    assert read(make_tracked_account(), KEY) == 0
