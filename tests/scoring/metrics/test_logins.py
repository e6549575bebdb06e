import pytest

from tests.scoring.factories import (
    last_days,
    make_event_name,
    make_tracked_account,
    make_usage,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "logins"


def test_it_counts_what_means_a_sign_in():
    make_event_name("Signed in", meaning="login")
    account = make_tracked_account()
    make_usage(account=account, days=last_days(30), users=2, name="Signed in")
    make_usage(account=account, days=last_days(30), name="page viewed")

    assert read(account, KEY) == 56


def test_with_no_sign_in_named_there_is_nothing_to_count():
    account = make_tracked_account()
    make_usage(account=account, days=last_days(30))

    assert read(account, KEY) is None
