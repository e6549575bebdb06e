import pytest

from tests.scoring.factories import (
    last_days,
    make_event_name,
    make_tracked_account,
    make_usage,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "login_rate"


def test_it_is_the_share_of_licensed_users_who_signed_in():
    make_event_name("Signed in", meaning="login", counts_users=True)
    account = make_tracked_account(licensed_users=10)
    make_usage(account=account, days=last_days(30), users=4, name="Signed in")
    make_usage(account=account, days=last_days(3), users=7, name="page viewed")

    assert read(account, KEY) == 0.4


def test_signing_in_is_not_the_key_workflow():
    make_event_name("Signed in", meaning="login", counts_users=True)
    make_event_name("Plan published", counts_users=True)
    account = make_tracked_account()
    make_usage(account=account, days=last_days(3), users=4, name="Signed in")
    make_usage(account=account, days=last_days(3), users=1, name="Plan published")

    assert read(account, "key_workflow_share") == 0.25


def test_it_is_missing_where_users_of_the_sign_in_are_not_counted():
    make_event_name("Signed in", meaning="login")
    account = make_tracked_account()
    make_usage(account=account, days=last_days(3), name="Signed in")

    assert read(account, KEY) is None
