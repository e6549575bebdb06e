import datetime as dt

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.lib.workdays import YEAR_END, Closure, NoWorkdays, WorkCalendar

JAPAN = WorkCalendar("JP")
OBON = Closure((8, 13), (8, 16))
days = st.dates(min_value=dt.date(2020, 1, 1), max_value=dt.date(2030, 12, 31))
counts = st.integers(min_value=-40, max_value=40)
calendars = st.builds(
    WorkCalendar,
    st.sampled_from(["JP", "SG", "GB", "US", "SA", "XX"]),
    st.sampled_from([None, (), (YEAR_END,), (YEAR_END, OBON)]),
)


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        ("2026-06-17", 0, "2026-06-17"),
        ("2026-06-17", 1, "2026-06-18"),
        ("2026-06-19", 1, "2026-06-22"),  # over a weekend
        ("2026-06-20", 0, "2026-06-22"),  # entered on a Saturday
        ("2026-06-20", 1, "2026-06-23"),
        ("2026-04-28", 1, "2026-04-30"),  # Golden Week: 29 April off
        ("2026-05-01", 1, "2026-05-07"),  # 3 to 6 May off, the 6th in lieu of Sunday the 3rd
        ("2026-04-28", 5, "2026-05-11"),
        ("2026-09-18", 1, "2026-09-24"),  # the day between two holidays is one itself
        ("2026-12-28", 1, "2027-01-04"),  # year-end closure
        ("2026-12-31", 0, "2027-01-04"),
        ("2027-01-04", -1, "2026-12-28"),
        ("2026-06-21", -5, "2026-06-15"),  # the fifth business day before a Sunday
    ],
)
def test_due_dates_skip_weekends_holidays_and_the_year_end(start, n, expected):
    start, expected = dt.date.fromisoformat(start), dt.date.fromisoformat(expected)

    assert JAPAN.add_workdays(start, n) == expected


def test_summer_closure_is_optional():
    friday = dt.date(2027, 8, 12)

    assert JAPAN.add_workdays(friday, 1) == dt.date(2027, 8, 13)
    assert WorkCalendar("JP", (YEAR_END, OBON)).add_workdays(friday, 1) == dt.date(2027, 8, 17)


def test_other_countries_keep_their_own_days():
    assert WorkCalendar("SG").is_workday(dt.date(2026, 12, 29))
    assert not WorkCalendar("SG").is_workday(dt.date(2026, 8, 10))  # National Day in lieu
    assert not WorkCalendar("GB").is_workday(dt.date(2026, 12, 28))  # Boxing Day in lieu
    assert WorkCalendar("SA").is_workday(dt.date(2026, 6, 21))  # a Sunday


def test_a_country_without_known_holidays_works_monday_to_friday():
    unknown = WorkCalendar("XX")

    assert unknown.is_workday(dt.date(2026, 1, 1))
    assert not unknown.is_workday(dt.date(2026, 1, 3))


def test_a_calendar_that_is_always_closed_is_refused():
    closed = WorkCalendar("JP", (Closure((1, 1), (12, 31)),))

    with pytest.raises(NoWorkdays):
        closed.add_workdays(dt.date(2026, 6, 17), 1)


@given(days)
def test_japan_agrees_with_the_public_calendar_from_2020_to_2030(day):
    is_off = day.weekday() >= 5 or day in holidays.country_holidays("JP", years=day.year)

    assert WorkCalendar("JP", ()).is_workday(day) is not is_off


@given(calendars, days, counts)
def test_an_added_day_is_a_business_day(calendar, start, n):
    assert calendar.is_workday(calendar.add_workdays(start, n))


@given(calendars, days, counts, counts)
def test_adding_twice_is_adding_the_sum(calendar, start, a, b):
    twice = calendar.add_workdays(calendar.add_workdays(start, a), b)

    assert twice == calendar.add_workdays(start, a + b)


@given(calendars, days, counts)
def test_a_larger_offset_is_a_later_day(calendar, start, n):
    assert calendar.add_workdays(start, n) < calendar.add_workdays(start, n + 1)


@given(calendars, days, counts)
def test_counting_undoes_adding(calendar, start, n):
    assert calendar.workdays_between(start, calendar.add_workdays(start, n)) == n


@given(calendars, days, days)
def test_counting_backwards_changes_the_sign(calendar, start, end):
    assert calendar.workdays_between(start, end) == -calendar.workdays_between(end, start)


@given(calendars, days)
def test_the_next_business_day_is_the_day_itself_or_lies_ahead(calendar, day):
    after = calendar.next_workday(day)

    assert after >= day
    assert (after == day) is calendar.is_workday(day)
