"""A contract that renews itself ends with the year of its notice, or with its customer."""

import datetime as dt

import pytest
from django.db import connection

from accounts.models import Contract, ContractTerm
from accounts.services.accounts import change_status
from accounts.services.contracts import archive_contract, update_contract
from scoring.selectors.frames import official_frame
from scoring.selectors.group_sql import arr_sql
from scoring.selectors.past_book import RENEWAL
from scoring.selectors.sources.book import book
from scoring.selectors.sources.records import TERMS, WORTH
from tests.factories import make_contract
from tests.scoring.factories import DAY, LONG_KNOWN, ONE_DAY, make_tracked_account, noon, read

pytestmark = pytest.mark.django_db

#: It renewed itself the last time on 1 May 2025; the notice of June 2025 stopped it at 30 April.
STARTS, ENDS = dt.date(2023, 5, 1), dt.date(2024, 4, 30)
LAST = dt.date(2026, 4, 30)


def make_rolling(**fields):
    account = make_tracked_account(licensed_users=None, customer_since_on=None)
    contract = make_contract(
        account=account, arr=1200, starts_on=STARTS, ends_on=ENDS, auto_renews=True,
        **fields,
    )  # fmt: skip
    contract.terms.update(seats=7, recorded_at=LONG_KNOWN)
    return account


@pytest.fixture
def noticed():
    return make_rolling(notice_received_on=dt.date(2025, 6, 10))


@pytest.fixture
def lost():
    account = make_rolling()
    change_status(account=account, status="churned", on=DAY - ONE_DAY, at=noon(DAY - ONE_DAY))
    return account


def rows(sql, account, day):
    values = {**official_frame(day).parameters(), "ids": [account.pk]}
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def facts(account, day):
    """Return the seats of a day, whether the terms hold on it, and twice what they are worth."""
    [known] = rows(book(official_frame(day)), account, day)
    [term] = rows(TERMS, account, day)
    [line] = rows(WORTH, account, day)
    today = round(line["mean"] * line["months"]) - 12 * 1200  # twelve months before it as ever
    [group] = rows(f"SELECT {arr_sql(str(account.pk))} AS arr", account, day)
    return known["licensed"], term["holds_now"], today, group["arr"]


def test_notice_ends_it_with_the_year_that_was_running(noticed):
    assert facts(noticed, LAST) == (7, True, 1200, 1200)
    assert facts(noticed, LAST + ONE_DAY) == (None, False, 0, 0)


def test_notice_is_told_while_that_year_runs(noticed):
    assert read(noticed, "notice_received", day=LAST) == 1
    assert read(noticed, "notice_received", day=LAST + ONE_DAY) is None


def test_it_ends_with_its_customer(lost):
    assert facts(lost, DAY - 2 * ONE_DAY) == (7, True, 1200, 1200)
    assert facts(lost, DAY) == (None, False, 0, 0)
    assert read(lost, "days_to_renewal", day=DAY - 2 * ONE_DAY) is not None
    assert read(lost, "days_to_renewal", day=DAY) is None


@pytest.mark.parametrize(("day", "left"), [(LAST - 9 * ONE_DAY, 9), (LAST + ONE_DAY, None)])
def test_the_past_book_counts_days_to_the_end_the_notice_set(noticed, day, left):
    assert days_left(noticed, day) == left


def days_left(account, day):
    found = {row["account_id"]: row["days"] for row in rows(RENEWAL, account, day)}
    return found.get(account.pk)


def test_the_past_book_does_not_know_that_a_contract_will_be_prolonged_or_archived():
    accounts = [make_tracked_account() for _ in range(2)]
    prolonged, archived = (
        make_contract(account=account, starts_on=STARTS, ends_on=LAST) for account in accounts
    )
    ContractTerm.objects.update(recorded_at=LONG_KNOWN)
    Contract.objects.update(updated_at=LONG_KNOWN)
    at = noon(LAST - 4 * ONE_DAY)
    update_contract(contract=prolonged, changes={"ends_on": LAST + 365 * ONE_DAY}, at=at)
    archive_contract(contract=archived, at=at)

    days = [LAST - 9 * ONE_DAY, LAST - 2 * ONE_DAY]
    assert [days_left(accounts[0], day) for day in days] == [9, 367]
    assert [days_left(accounts[1], day) for day in days] == [9, None]
