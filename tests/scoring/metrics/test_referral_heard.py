import pytest

from tests.scoring.factories import (
    DAY,
    ONE_DAY,
    age_of,
    make_talk,
    make_tracked_account,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "referral_heard"


def test_the_newest_mention_counts_and_ages():
    account = make_tracked_account()
    for days in (40, 10):
        make_talk(account, DAY - days * ONE_DAY).signals.create(signal="referral")

    assert (read(account, KEY), age_of(account, KEY)) == (1, 10)


def test_a_reference_is_no_referral():
    account = make_tracked_account()
    make_talk(account, DAY - ONE_DAY).signals.create(signal="reference")

    assert read(account, KEY) is None
