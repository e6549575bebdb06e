import pytest

from tests.factories import make_contact
from tests.scoring.factories import (
    DAY,
    ONE_DAY,
    make_talk,
    make_tracked_account,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "community_events"


def test_it_counts_events_however_many_came():
    account = make_tracked_account()
    people = [make_contact(account=account) for _ in range(3)]
    make_talk(account, DAY - 20 * ONE_DAY, *people, type="event")
    make_talk(account, DAY - 10 * ONE_DAY, people[0], type="training")
    make_talk(account, DAY - 5 * ONE_DAY, people[0], type="event", direction="outbound")

    assert read(account, KEY) == 2


def test_without_an_invitation_it_is_missing():
    assert read(make_tracked_account(), KEY) is None
