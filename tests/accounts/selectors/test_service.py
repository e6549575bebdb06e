import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Invoice, Ticket
from accounts.selectors.service import (
    Place,
    age_of,
    late_invoices,
    lateness_of,
    open_tickets,
    place,
    steps_of,
)
from config.lib.workdays import WorkCalendar
from tests.factories import make_account, make_invoice, make_milestone, make_ticket, make_user

TOKYO = dt.timezone(dt.timedelta(hours=9))
HERE = Place(TOKYO, WorkCalendar("JP"))
AT = dt.datetime(2026, 6, 19, 12, 0, tzinfo=TOKYO)
TODAY = dt.date(2026, 6, 19)
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31))


def days_before(count):
    return AT - dt.timedelta(days=count)


@pytest.mark.parametrize(
    ("severity", "opened", "days", "is_beyond"),
    [
        ("critical", 1, 1, False),
        ("critical", 2, 2, True),
        ("critical", 0, 0, False),
        ("high", 6, 4, True),  # over a weekend
        ("normal", 7, 5, False),
        ("low", 14, 10, False),
    ],
)
def test_a_ticket_is_measured_in_business_days(severity, opened, days, is_beyond):
    ticket = Ticket(severity=severity, opened_at=days_before(opened))

    age = age_of(ticket, at=AT, here=HERE)

    assert (age.work_days, age.is_beyond) == (days, is_beyond)


def test_a_resolved_ticket_grows_no_older():
    ticket = Ticket(severity="low", opened_at=days_before(30), resolved_at=days_before(29))

    assert age_of(ticket, at=AT, here=HERE).work_days <= 1


@given(DAYS, DAYS, st.one_of(st.none(), DAYS))
def test_nobody_is_late_before_the_due_day_and_business_days_never_outnumber_days(due, today, paid):
    invoice = Invoice(due_on=due)
    invoice.paid_on = paid

    late = lateness_of(invoice, today=today, here=HERE)

    assert 0 <= late.work_days <= late.days
    assert (late.days > 0) == (min(paid or today, today) > due)


@pytest.mark.django_db
def test_the_worst_ticket_and_the_oldest_debt_come_first_in_one_query_each():
    account, user = make_account(), make_user(role="administrator")
    for severity, opened in (("low", 9), ("critical", 1), ("critical", 3), ("high", 2)):
        make_ticket(account=account, severity=severity, opened_at=days_before(opened))
    for due in (dt.date(2026, 6, 1), dt.date(2026, 5, 1), TODAY):
        make_invoice(account=account, due_on=due)
    open_tickets(account, user=user, at=AT, here=HERE, most=1)

    with CaptureQueriesContext(connection) as queries:
        tickets = open_tickets(account, user=user, at=AT, here=HERE, most=3)
        late = late_invoices(account, user=user, today=TODAY, here=HERE, most=5)

    assert [age.ticket.severity for age in tickets] == ["critical", "critical", "high"]
    assert tickets[0].ticket.opened_at < tickets[1].ticket.opened_at
    assert [str(row.invoice.due_on) for row in late] == ["2026-05-01", "2026-06-01"]
    assert len(queries) == 2
    assert place().calendar == WorkCalendar("JP")


@pytest.mark.django_db
def test_only_what_is_due_and_not_reached_is_late():
    account, yesterday = make_account(), TODAY - dt.timedelta(days=1)
    rows = [
        make_milestone(account=account, due_on=yesterday),
        make_milestone(account=account, due_on=yesterday, done_on=TODAY),
        make_milestone(account=account, due_on=TODAY),
        make_milestone(account=account),
    ]

    assert [step.days_late for step in steps_of(rows, today=TODAY)] == [1, 0, 0, 0]
