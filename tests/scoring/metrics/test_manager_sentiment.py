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

KEY = "manager_sentiment"


def test_the_newest_talk_with_a_sentiment_speaks():
    account = make_tracked_account()
    make_talk(account, DAY - 30 * ONE_DAY, sentiment="positive")
    make_talk(account, DAY - 10 * ONE_DAY, sentiment="negative")
    make_talk(account, DAY - 5 * ONE_DAY)

    assert (read(account, KEY), age_of(account, KEY)) == (-1, 10)


def test_without_one_it_is_missing():
    assert read(make_tracked_account(), KEY) is None
