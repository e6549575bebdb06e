import pytest

from tests.factories import make_contact
from tests.scoring.factories import (
    DAY,
    ONE_DAY,
    make_role,
    make_tracked_account,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "required_roles"


def test_it_is_the_share_of_required_roles_confirmed_within_a_year():
    account = make_tracked_account(touch_model="high")
    person = make_contact(account=account)
    make_role(person, "champion")
    make_role(person, "decision_maker")
    make_role(person, "day_to_day", confirmed_on=DAY - 366 * ONE_DAY)
    make_role(person, "executive_sponsor", confirmed_on=None)
    make_role(person, "billing")

    assert read(account, KEY) == pytest.approx(0.5)


def test_who_left_fills_no_role():
    account = make_tracked_account(touch_model="tech")
    make_role(make_contact(account=account, state="left", left_on=DAY), "day_to_day")

    assert read(account, KEY) == 0


def test_a_role_that_ended_counts_until_its_end():
    account = make_tracked_account(touch_model="tech")
    make_role(make_contact(account=account), "day_to_day", ends_on=DAY + ONE_DAY)

    assert read(account, KEY) == 1
    assert read(account, KEY, day=DAY + ONE_DAY) == 0
