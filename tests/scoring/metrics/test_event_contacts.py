import pytest

from tests.factories import make_contact
from tests.scoring.factories import (
    DAY,
    ONE_DAY,
    age_of,
    make_talk,
    make_tracked_account,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "event_contacts"


def test_it_counts_people_who_came_each_once():
    account = make_tracked_account()
    mori, ueda = (make_contact(account=account) for _ in range(2))
    make_talk(account, DAY - 20 * ONE_DAY, mori, ueda, type="training")
    make_talk(account, DAY - 10 * ONE_DAY, mori, type="event")
    make_talk(account, DAY - 200 * ONE_DAY, make_contact(account=account), type="event")

    assert (read(account, KEY), age_of(account, KEY)) == (2, 10)


def test_an_invitation_nobody_followed_is_zero():
    account = make_tracked_account()
    person = make_contact(account=account)
    make_talk(account, DAY - 9 * ONE_DAY, person, type="event", direction="outbound")

    assert read(account, KEY) == 0


def test_without_an_invitation_it_is_missing():
    assert read(make_tracked_account(), KEY) is None
