import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.domain.renewals import (
    ONE_DAY,
    after_notice,
    before_end,
    covered_until,
    decision,
    shift_months,
)

days = st.dates(dt.date(1990, 1, 1), dt.date(2080, 12, 31))


@pytest.mark.parametrize(
    ("last_day", "months", "expected"),
    [
        ("2026-11-30", 3, "2026-08-31"),
        ("2027-03-31", 2, "2027-01-31"),
        ("2027-03-31", 1, "2027-02-28"),
        ("2028-03-31", 1, "2028-02-29"),
        ("2027-02-28", 3, "2026-11-30"),
        ("2028-02-29", 12, "2027-02-28"),
        ("2026-11-15", 3, "2026-08-15"),
        ("2026-05-31", 0, "2026-05-31"),
    ],
)
def test_notice_is_counted_back_from_the_end_of_the_contract(last_day, months, expected):
    assert before_end(dt.date.fromisoformat(last_day), months) == dt.date.fromisoformat(expected)


@given(days, st.integers(0, 24))
def test_a_month_end_stays_a_month_end(day, months):
    last_of_month = shift_months(day.replace(day=1), 1) - ONE_DAY

    assert (before_end(last_of_month, months) + ONE_DAY).day == 1


@given(days, st.integers(-300, 300))
def test_a_shift_lands_in_the_month_asked_for(day, months):
    shifted = shift_months(day, months)

    assert (shifted.year * 12 + shifted.month) - (day.year * 12 + day.month) == months
    assert shifted.day <= day.day


@given(days, st.integers(0, 24), st.booleans(), days)
def test_what_goes_on_is_decided_today_or_later_and_no_year_too_late(end, months, goes_on, today):
    found = decision(ends_on=end, notice_months=months, goes_on=goes_on, today=today)

    assert found.decide_on <= found.last_day
    if goes_on:
        assert found.decide_on >= today
        assert found.years == 0 or before_end(
            shift_months(end + ONE_DAY, 12 * (found.years - 1)) - ONE_DAY, months
        ) <= today + dt.timedelta(days=3)
    else:
        assert (found.years, found.last_day) == (0, end)


def test_a_contract_without_an_end_has_nothing_to_decide():
    assert decision(ends_on=None, notice_months=3, goes_on=True, today=dt.date(2026, 1, 1)) is None


@pytest.mark.parametrize(
    ("notice_on", "months", "expected"),
    [
        ("2026-08-31", 3, "2026-11-30"),
        ("2026-08-15", 3, "2026-11-15"),
        ("2026-11-29", 3, "2027-02-27"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2027-01-31", 1, "2027-02-28"),
        ("2026-06-10", 0, "2026-06-10"),
    ],
)
def test_notice_ends_an_open_ended_contract_with_its_notice_period(notice_on, months, expected):
    last = covered_until(
        ends_on=None,
        auto_renews=False,
        notice_on=dt.date.fromisoformat(notice_on),
        notice_months=months,
    )

    assert last == dt.date.fromisoformat(expected)


@given(days, st.integers(0, 24))
def test_a_notice_period_at_a_month_end_leads_back_to_the_notice(day, months):
    notice_on = shift_months(day.replace(day=1), 1) - ONE_DAY

    assert before_end(after_notice(notice_on, months), months) == notice_on


def test_without_notice_an_open_ended_contract_goes_on():
    for auto_renews in (False, True):
        never = covered_until(
            ends_on=None, auto_renews=auto_renews, notice_on=None, notice_months=3
        )
        assert never is None
