import datetime as dt

import pytest

from accounts.models import DirtyAccount, IdempotencyKey
from accounts.services.contract_figures import refresh_contract_figures
from accounts.services.days import begin_day
from tests.factories import make_account, make_contract, make_organisation

pytestmark = pytest.mark.django_db
LAST_DAY = dt.datetime(2027, 3, 31, 3, 0, tzinfo=dt.UTC)
MIDNIGHT = dt.datetime(2027, 3, 31, 15, 0, tzinfo=dt.UTC)


def test_a_contract_ends_by_itself_at_the_organisations_midnight():
    make_organisation(time_zone="Asia/Tokyo")
    ending, going_on = make_account(), make_account()
    make_contract(account=ending)
    make_contract(account=going_on, ends_on=dt.date(2028, 3, 31))
    refresh_contract_figures(at=LAST_DAY)

    assert begin_day(at=MIDNIGHT) == 1

    ending.refresh_from_db()
    assert (ending.arr, ending.renewal_on) == (0, None)
    assert [dirty.account_id for dirty in DirtyAccount.objects.all()] == [ending.pk]


def test_a_day_begins_once():
    make_organisation(time_zone="Asia/Tokyo")

    taken = [begin_day(at=MIDNIGHT + dt.timedelta(hours=hour)) for hour in (0, 1, 23, 24)]

    assert taken == [1, 0, 0, 1]


def test_answers_kept_for_repeats_are_let_go_after_a_day():
    for hours in (1, 25):
        IdempotencyKey.objects.create(
            owner="user:1",
            key=str(hours),
            body_digest=b"",
            created_at=MIDNIGHT - dt.timedelta(hours=hours),
        )

    begin_day(at=MIDNIGHT)

    assert IdempotencyKey.objects.get().key == "1"
