import datetime as dt

import pytest

from accounts.models import AccessPolicy, StakeholderRole
from accounts.panels.contracts import ContractsPanel
from accounts.panels.people import PeoplePanel
from accounts.panels.rhythm import RhythmPanel
from tests.factories import (
    make_account,
    make_contact,
    make_contract,
    make_organisation,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db

#: One in the morning of the 1st of June in Tokyo, still May in London.
AT = dt.datetime(2026, 5, 31, 16, tzinfo=dt.UTC)


@pytest.fixture
def account():
    make_organisation(time_zone="Asia/Tokyo")
    return make_account(team=make_team())


def shown(panel, account):
    return panel.context(account=account, user=make_user(team=account.team), at=AT)


def test_a_part_shows_on_the_days_it_is_played(account):
    contact = make_contact(account=account)
    days = [
        ("champion", dt.date(2026, 1, 1), None),
        ("decision_maker", dt.date(2026, 1, 1), dt.date(2026, 6, 1)),
        ("executive_sponsor", dt.date(2026, 6, 2), None),
    ]
    for role, starts_on, ends_on in days:
        StakeholderRole.objects.create(
            account=account,
            contact=contact,
            role=role,
            starts_on=starts_on,
            ends_on=ends_on,
            recorded_at=AT,
        )

    (person,) = shown(PeoplePanel(), account)["people"]

    assert [part.role for part in person.roles] == ["champion"]


def test_a_contract_shows_until_its_last_day_and_on_while_it_renews_by_itself(account):
    first, may = dt.date(2025, 6, 1), dt.date(2026, 5, 31)
    make_contract(account=account, starts_on=first, ends_on=may)
    make_contract(
        account=account, starts_on=first, ends_on=may, auto_renews=True, notice_received_on=first
    )
    renewing = make_contract(account=account, starts_on=first, ends_on=may, auto_renews=True)
    last = make_contract(account=account, starts_on=first, ends_on=dt.date(2026, 6, 1))

    contracts = shown(ContractsPanel(), account)["contracts"]

    assert {contract for contract, _ in contracts} == {renewing, last}


def test_who_sees_no_talks_is_not_told_that_one_is_overdue(account):
    assert shown(RhythmPanel(), account) is not None
    AccessPolicy.objects.create(
        role="member", kind="touchpoint", read_scope="none", write_scope="none"
    )
    assert shown(RhythmPanel(), account) is None
