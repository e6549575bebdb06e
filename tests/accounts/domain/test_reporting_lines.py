import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.domain.reporting_lines import Line, first_circle

FIRST = dt.date(2026, 4, 1)


def day(number):
    return FIRST + dt.timedelta(days=number)


def lines(people=5, days=8):
    spans = st.tuples(
        st.integers(0, people - 1),
        st.integers(0, people - 1),
        st.integers(0, days - 1),
        st.none() | st.integers(1, days),
    ).filter(lambda line: line[0] != line[1] and (line[3] is None or line[3] > line[2]))
    return spans.map(
        lambda line: Line(line[0], line[1], day(line[2]), None if line[3] is None else day(line[3]))
    )


def closes(on, line, others):
    """Whether walking up from the senior of a line ever comes back to its junior that day."""
    standing = [(other.junior, other.senior) for other in others if other.holds_on(on)]
    above = {line.senior}
    for _ in standing:
        above |= {senior for junior, senior in standing if junior in above}
    return line.junior in above


@given(lines(), st.lists(lines(), max_size=12))
def test_a_circle_is_found_on_the_first_day_it_would_close(line, others):
    days = [day(number) for number in range(10)]
    expected = [on for on in days if line.holds_on(on) and closes(on, line, others)]

    assert first_circle(line, others) == next(iter(expected), None)


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([Line(2, 1, FIRST)], FIRST),
        ([Line(2, 3, FIRST), Line(3, 1, day(5))], day(5)),
        ([Line(2, 1, FIRST, day(3))], None),
        ([Line(2, 3, FIRST)], None),
    ],
    ids=["at once", "later, the long way round", "over by then", "never"],
)
def test_one_who_reports_to_us_cannot_be_reported_to(others, expected):
    assert first_circle(Line(1, 2, day(3)), others) == (expected and max(expected, day(3)))
