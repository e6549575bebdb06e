"""What is known changes over time; a past day must read as it was known then."""

import datetime as dt

import pytest

from accounts.models import Ticket
from accounts.services.tickets import (
    record_ticket,
    reopen_ticket,
    resolve_ticket,
    retract_ticket,
    update_ticket,
)
from tests.scoring.factories import DAY, ONE_DAY, make_tracked_account, noon, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket() -> Ticket:
    account, opened = make_tracked_account(), noon(DAY - 10 * ONE_DAY)
    return record_ticket(account=account, subject="Slow", severity="critical", at=opened)


def open_critical(ticket, day):
    return read(ticket.account, "open_critical_tickets", day=day)


def test_a_ticket_that_was_reopened_was_resolved_in_between(ticket):
    resolve_ticket(ticket=ticket, at=noon(DAY - 6 * ONE_DAY))
    reopen_ticket(ticket=ticket, at=noon(DAY - 3 * ONE_DAY))

    found = [open_critical(ticket, DAY - n * ONE_DAY) for n in (7, 5, 2, 0)]

    assert found == [1, 0, 1, 1]


def test_a_correction_counts_from_the_day_on_which_it_was_made(ticket):
    update_ticket(ticket=ticket, changes={"severity": "low"}, at=noon(DAY - 4 * ONE_DAY))

    assert [open_critical(ticket, DAY - n * ONE_DAY) for n in (5, 3)] == [1, 0]


def test_a_ticket_that_was_taken_back_stays_in_the_days_before(ticket):
    retract_ticket(ticket=ticket, at=noon(DAY - 4 * ONE_DAY))

    assert [open_critical(ticket, DAY - n * ONE_DAY) for n in (5, 3)] == [1, 0]


def test_a_resolution_told_late_was_not_known_before(ticket):
    happened = noon(DAY - 8 * ONE_DAY)
    resolve_ticket(ticket=ticket, resolved_at=happened, at=noon(DAY - 2 * ONE_DAY))

    assert [open_critical(ticket, DAY - n * ONE_DAY) for n in (7, 1)] == [1, 0]
    assert ticket.opened_at < happened < noon(DAY) - dt.timedelta(days=1)
