import pytest

from tests.factories import make_contact
from tests.scoring.factories import (
    DAY,
    ONE_DAY,
    make_role,
    make_talk,
    make_tracked_account,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "active_stakeholders"


def test_it_is_the_share_of_people_with_a_role_we_talked_with():
    account = make_tracked_account()
    people = [make_contact(account=account) for _ in range(4)]
    for person in people:
        make_role(person, "influencer")
    make_role(people[0], "champion")
    make_talk(account, DAY - 9 * ONE_DAY, people[0], make_contact(account=account))
    make_talk(account, DAY - 99 * ONE_DAY, people[1])

    assert read(account, KEY) == 0.25


def test_who_left_counts_neither_way():
    account = make_tracked_account()
    left_on = DAY - 30 * ONE_DAY
    here, gone = make_contact(account=account), make_contact(account=account, left_on=left_on)
    for person in (here, gone):
        make_role(person, "influencer")
    make_talk(account, DAY - 9 * ONE_DAY, here)

    assert read(account, KEY) == 1


def test_without_anybody_it_is_missing():
    assert read(make_tracked_account(), KEY) is None
