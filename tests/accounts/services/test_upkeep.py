import datetime as dt

import pytest

from accounts.models import Account, DirtyAccount, IdempotencyKey, Segment, SegmentMembership
from accounts.services.contract_figures import refresh_contract_figures
from accounts.services.segments import save_segment
from accounts.services.upkeep import begin_day
from tests.factories import make_account, make_contract, make_organisation

pytestmark = pytest.mark.django_db

#: The last day of May and the first of June in Tokyo.
MAY = dt.datetime(2026, 5, 31, 3, tzinfo=dt.UTC)
JUNE = MAY + dt.timedelta(days=1)


def tree(field, value):
    return {"combinator": "and", "rules": [{"field": field, "operator": ">", "value": value}]}


@pytest.fixture
def account():
    make_organisation(time_zone="Asia/Tokyo")
    account = make_account()
    make_contract(
        account=account, arr=120, starts_on=dt.date(2025, 6, 1), ends_on=dt.date(2026, 5, 31)
    )
    refresh_contract_figures(at=MAY)
    return account


def test_a_contract_ends_by_itself_the_day_after_its_last(account):
    begin_day(at=MAY)
    assert Account.objects.get().arr == 120

    begin_day(at=JUNE)

    assert Account.objects.get().arr == 0
    assert DirtyAccount.objects.filter(account=account, since=JUNE).exists()


def test_a_day_begins_once(account):
    assert [begin_day(at=MAY), begin_day(at=MAY), begin_day(at=JUNE)] == [1, 0, 1]


def test_who_pays_no_more_leaves_the_segment_and_a_broken_one_stops_no_other(account, caplog):
    words = {"name_en": "Paying", "name_ja": "有償"}
    Segment.objects.create(key="broken", stage="accounts", rule=tree("gone", 1), **words)
    save_segment(key="paying", rule=tree("arr", 0), at=MAY, **words)

    begin_day(at=JUNE)

    stay = SegmentMembership.objects.get(account=account, segment__key="paying")
    assert (stay.entered_at, stay.left_at) == (MAY, JUNE)
    assert "segment broken" in caplog.text


def test_answers_kept_for_repeats_are_let_go_after_a_day(account):
    for hours in (1, 25):
        IdempotencyKey.objects.create(
            owner="user:1",
            key=str(hours),
            body_digest=b"",
            created_at=JUNE - dt.timedelta(hours=hours),
        )

    begin_day(at=JUNE)

    assert IdempotencyKey.objects.get().key == "1"


def test_shipped_segments_are_there_from_the_first_day_on():
    make_organisation()

    begin_day(at=MAY)

    assert Segment.objects.filter(key="renewal_120", is_shipped=True).exists()
