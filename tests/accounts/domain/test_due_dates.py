import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.domain.due_dates import due_day
from accounts.domain.payment_terms import ClosingTerms, NetDays, agreed_day
from config.lib.workdays import bank_calendar

JAPAN = bank_calendar("JP")
TERMS = st.one_of(
    st.builds(NetDays, st.integers(0, 400)),
    st.builds(
        ClosingTerms,
        st.one_of(st.integers(1, 28), st.just(31)),
        st.integers(1, 3),
        st.one_of(st.integers(1, 28), st.just(31)),
    ),
)
DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2060, 12, 31))


def due(issued_on, *, terms=None, due_on=None):
    return due_day(issued_on=issued_on, terms=terms, due_on=due_on, banks=JAPAN)


@given(DAYS, TERMS)
def test_an_invoice_is_due_on_the_first_banking_day_from_the_end_of_its_terms(issued_on, terms):
    end = agreed_day(terms, issued_on)

    day = due(issued_on, terms=terms)

    assert day >= end
    assert JAPAN.is_workday(day)
    between = (end + dt.timedelta(days=n) for n in range((day - end).days))
    assert not any(JAPAN.is_workday(passed) for passed in between)


@given(DAYS, DAYS)
def test_moving_a_due_day_twice_is_moving_it_once(issued_on, agreed):
    day = due(issued_on, due_on=agreed)

    assert due(issued_on, due_on=day) == day


@given(DAYS, st.one_of(st.none(), TERMS))
def test_an_agreed_day_counts_instead_of_the_terms(issued_on, terms):
    assert due(issued_on, terms=terms, due_on=dt.date(2026, 6, 30)) == dt.date(2026, 6, 30)


@pytest.mark.parametrize(
    ("agreed", "day"),
    [
        (dt.date(2026, 5, 3), dt.date(2026, 5, 7)),  # a Sunday, then Golden Week
        (dt.date(2026, 12, 30), dt.date(2026, 12, 30)),  # companies are closed, banks are not
        (dt.date(2026, 12, 31), dt.date(2027, 1, 4)),
        (dt.date(9999, 12, 31), dt.date(9999, 12, 31)),
    ],
)
def test_banks_have_a_calendar_of_their_own(agreed, day):
    assert due(dt.date(2026, 1, 5), due_on=agreed) == day


def test_without_a_contract_thirty_days_are_granted():
    assert due(dt.date(2026, 6, 1)) == dt.date(2026, 7, 1)


@pytest.mark.parametrize(
    ("issued_on", "day"),
    [
        (dt.date(2026, 3, 31), dt.date(2026, 4, 30)),
        (dt.date(2026, 4, 1), dt.date(2026, 6, 1)),  # 31 May is a Sunday
        (dt.date(2026, 11, 2), dt.date(2027, 1, 4)),  # banks are closed on 31 December
    ],
)
def test_the_end_of_next_month_moves_to_a_banking_day(issued_on, day):
    assert due(issued_on, terms=ClosingTerms(31, 1, 31)) == day


def test_an_invoice_at_the_end_of_the_calendar_is_not_due_before_it():
    last = dt.date(9999, 12, 31)

    assert due_day(issued_on=last, terms=None, due_on=None, banks=JAPAN) == last
