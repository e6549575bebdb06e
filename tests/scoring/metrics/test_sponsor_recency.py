import pytest

from accounts.models import Organisation
from accounts.selectors.stakeholder_map import map_of
from tests.factories import make_account_role, make_contact, make_organisation, make_user
from tests.scoring.factories import (
    DAY,
    NOON,
    ONE_DAY,
    make_role,
    make_talk,
    make_tracked_account,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "sponsor_recency"


def test_it_counts_days_since_the_executive_sponsor_was_touched():
    account = make_tracked_account(touch_model="high")
    sponsor, other = make_contact(account=account), make_contact(account=account)
    make_role(sponsor, "executive_sponsor")
    make_talk(account, DAY - 82 * ONE_DAY, sponsor)
    make_talk(account, DAY - 3 * ONE_DAY, other)

    assert read(account, KEY) == 82


def test_only_where_a_sponsor_is_required():
    assert read(make_tracked_account(touch_model="low"), KEY) is None


def test_the_stakeholder_map_tells_the_same_day_whoever_of_us_was_there():
    make_organisation()
    account = make_tracked_account(touch_model="high")
    ours, colleague = make_user(role="administrator"), make_user()
    make_account_role(account=account, user=ours, role="executive_sponsor")
    sponsor = make_contact(account=account)
    make_role(sponsor, "executive_sponsor")
    make_talk(account, DAY - 82 * ONE_DAY, sponsor).users.add(ours)
    make_talk(account, DAY - 9 * ONE_DAY, sponsor).users.add(colleague)
    make_talk(account, DAY - 5 * ONE_DAY, sponsor, direction="outbound")
    make_talk(account, DAY - 4 * ONE_DAY, sponsor, is_draft=True)

    found = map_of(account=account, user=ours, at=NOON + ONE_DAY, day=DAY)

    (pair,) = found.sponsors
    talked_on = pair.talked_at.astimezone(Organisation.objects.zone()).date()
    assert read(account, KEY) == (DAY - talked_on).days == 9
