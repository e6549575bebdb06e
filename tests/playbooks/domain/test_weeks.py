import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.domain.weeks import day_group

THURSDAY = dt.date(2026, 6, 18)
ORDER = ["overdue", "today", "this_week", "next_week", "later"]


@pytest.mark.parametrize(
    ("day", "group"),
    [
        ("2026-06-17", "overdue"),
        ("2026-06-18", "today"),
        ("2026-06-19", "this_week"),
        ("2026-06-21", "this_week"),
        ("2026-06-22", "next_week"),
        ("2026-06-28", "next_week"),
        ("2026-06-29", "later"),
    ],
)
def test_days_fall_under_the_heading_of_their_week(day, group):
    assert day_group(dt.date.fromisoformat(day), today=THURSDAY) == group


@given(st.dates(), st.dates(max_value=dt.date(9998, 12, 1)), st.integers(0, 30))
def test_a_later_day_never_stands_under_an_earlier_heading(today, day, more):
    later = day + dt.timedelta(days=more)
    if today > dt.date(9998, 12, 1):
        today = dt.date(9998, 12, 1)

    assert ORDER.index(day_group(day, today=today)) <= ORDER.index(day_group(later, today=today))
