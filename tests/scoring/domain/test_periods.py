import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.domain.periods import (
    fiscal_year_of,
    month_ends,
    parse_period,
    period_before,
    period_of,
)

TODAY = dt.date(2026, 6, 19)


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("FY2026", "2026-04-01", "2027-03-31"),
        ("FY2026-H2", "2026-10-01", "2027-03-31"),
        ("FY2026-Q1", "2026-04-01", "2026-06-30"),
        ("FY2026-Q4", "2027-01-01", "2027-03-31"),
        ("2026-02", "2026-02-01", "2026-02-28"),
        ("12m", "2025-06-20", "2026-06-19"),
    ],
)
def test_a_code_names_days(code, first, last):
    period = parse_period(code, fiscal_month=4, today=TODAY)

    assert (str(period.first), str(period.last)) == (first, last)
    assert period.code == code


@pytest.mark.parametrize(
    "code", ["", "FY26", "FY2026-H3", "FY2026-Q0", "2026-13", "2026-00", "FY9999", "9999-12", "x"]
)
def test_what_is_no_code_names_nothing(code):
    assert parse_period(code, fiscal_month=4, today=TODAY) is None


@given(
    st.dates(dt.date(1960, 1, 1), dt.date(2140, 1, 1)),
    st.sampled_from(["month", "quarter", "half", "year"]),
    st.integers(1, 12),
)
def test_periods_follow_each_other_without_a_gap(day, kind, fiscal_month):
    period = period_of(day, kind, fiscal_month=fiscal_month)
    before = period_before(period, fiscal_month=fiscal_month)

    assert period.first <= day <= period.last
    assert before.last == period.opening
    assert parse_period(period.code, fiscal_month=fiscal_month, today=day) == period


def test_a_fiscal_year_has_the_name_of_the_year_it_begins_in():
    assert fiscal_year_of(dt.date(2027, 3, 31), fiscal_month=4) == 2026
    assert fiscal_year_of(dt.date(2027, 4, 1), fiscal_month=4) == 2027


def test_month_ends_stop_at_the_last_day():
    days = month_ends(dt.date(2026, 1, 20), dt.date(2026, 3, 10))

    assert [str(day) for day in days] == ["2026-01-31", "2026-02-28", "2026-03-10"]
