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

KEY = "competitor_heard"


def test_the_newest_mention_counts_and_ages():
    account = make_tracked_account()
    for days in (40, 10):
        talk = make_talk(account, DAY - days * ONE_DAY, direction="inbound")
        talk.signals.create(signal="competitor")

    assert (read(account, KEY), age_of(account, KEY)) == (1, 10)


def test_never_heard_is_missing():
    assert read(make_tracked_account(), KEY) is None
