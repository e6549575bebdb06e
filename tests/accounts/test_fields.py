import datetime as dt

import pytest

from accounts.models import Account
from tests.factories import make_account, make_account_role, make_organisation, make_user

pytestmark = pytest.mark.django_db

JUNE = dt.date(2026, 6, 1)


@pytest.mark.parametrize(
    ("hour", "expected"),
    [(14, "leaving"), (15, "coming")],  # 23:59 and midnight in Tokyo
)
def test_the_manager_changes_at_midnight_where_the_organisation_is(hour, expected):
    make_organisation(time_zone="Asia/Tokyo")
    account = make_account()
    people = {"leaving": make_user(), "coming": make_user()}
    make_account_role(
        account=account, user=people["leaving"], starts_on=dt.date(2026, 1, 1), ends_on=JUNE
    )
    make_account_role(account=account, user=people["coming"], starts_on=JUNE)
    at = dt.datetime(2026, 5, 31, hour, tzinfo=dt.UTC) + dt.timedelta(minutes=59 * (hour == 14))

    row = Account.objects.with_fields("manager", at=at).get()

    assert row.manager == people[expected].pk
