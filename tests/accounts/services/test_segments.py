import datetime as dt

import pytest

from accounts.models import Segment, SegmentMembership
from accounts.services.segments import (
    InvalidSegment,
    install_starter_segments,
    refresh_memberships,
    save_segment,
)
from tests.factories import make_account, make_team

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 6, 18, 3, 0, tzinfo=dt.UTC)
LATER = AT + dt.timedelta(days=1)


def tier_a(value="a"):
    rule = {"field": "tier", "operator": "=", "value": value}
    return {"combinator": "and", "rules": [rule]}


def save(**changes):
    values = {"key": "big", "name_en": "Big", "name_ja": "大口", "rule": tier_a(), "at": AT}
    return save_segment(**{**values, **changes})


def test_accounts_enter_and_leave_with_their_times():
    account = make_account(tier="a")
    segment = save()
    account.tier = "b"
    account.save()

    refresh_memberships(segments=[segment], at=LATER)

    membership = SegmentMembership.objects.get(segment=segment, account=account)
    assert (membership.entered_at, membership.left_at) == (AT, LATER)


def test_refreshing_twice_changes_nothing():
    make_account(tier="a")
    segment = save()

    assert refresh_memberships(segments=[segment], at=LATER) == {"big": 0}
    assert SegmentMembership.objects.count() == 1


@pytest.mark.parametrize("count", [1, 7])
def test_the_work_is_the_same_for_one_and_seven_accounts(count, django_assert_num_queries):
    team = make_team()
    segment = save()
    for _ in range(count):
        make_account(team=team, tier="a")

    with django_assert_num_queries(9):
        refresh_memberships(segments=[segment], at=LATER)


def test_a_faulty_rule_changes_nothing_and_names_its_place():
    save()

    with pytest.raises(InvalidSegment) as refused:
        save(rule=tier_a("z"))

    assert refused.value.errors[0].pointer == "/rule/rules/0/value"
    assert Segment.objects.get(key="big").rule == tier_a()


def test_shipped_segments_arrive_once_and_edited_ones_stay():
    install_starter_segments(at=AT)
    count = Segment.objects.count()
    save(key="tech_touch", rule=tier_a())

    install_starter_segments(at=LATER)

    assert Segment.objects.count() == count >= 10
    assert Segment.objects.get(key="tech_touch").rule == tier_a()
