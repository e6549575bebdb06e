"""What is known changes over time; a past day must read as it was known then."""

import datetime as dt

import pytest

from accounts.models import Contact, Ticket
from accounts.services.accounts import change_status, create_account, update_account
from accounts.services.contracts import (
    archive_contract,
    create_contract,
    restore_contract,
    update_contract,
)
from accounts.services.tickets import (
    record_ticket,
    reopen_ticket,
    resolve_ticket,
    retract_ticket,
    update_ticket,
)
from scoring.services.metric_slots import ensure_metric_slots
from tests.factories import make_contact, make_organisation, make_team
from tests.scoring.factories import (
    DAY,
    LONG_KNOWN,
    ONE_DAY,
    close_day,
    install_scorecards,
    make_live_source,
    make_role,
    make_tracked_account,
    noon,
    read,
)

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

    assert [open_critical(ticket, DAY - n * ONE_DAY) for n in (5, 3)] == [1, None]


def test_a_resolution_told_late_was_not_known_before(ticket):
    happened = noon(DAY - 8 * ONE_DAY)
    resolve_ticket(ticket=ticket, resolved_at=happened, at=noon(DAY - 2 * ONE_DAY))

    assert [open_critical(ticket, DAY - n * ONE_DAY) for n in (7, 1)] == [1, 0]
    assert ticket.opened_at < happened < noon(DAY) - dt.timedelta(days=1)


def test_a_contract_that_was_changed_reads_on_earlier_days_as_it_was_known():
    account = make_tracked_account()
    then = noon(DAY - 9 * ONE_DAY)
    contract = create_contract(
        account=account,
        arr=100,
        starts_on=DAY - 300 * ONE_DAY,
        ends_on=DAY + 60 * ONE_DAY,
        at=noon(DAY - 300 * ONE_DAY),
    )
    update_contract(contract=contract, changes={"ends_on": DAY + 90 * ONE_DAY}, at=then)
    notice = {"notice_received_on": DAY - 20 * ONE_DAY}
    update_contract(contract=contract, changes=notice, at=noon(DAY - 4 * ONE_DAY))

    days = [DAY - n * ONE_DAY for n in (10, 8, 3)]
    assert [read(account, "days_to_renewal", day=day) for day in days] == [70, 98, None]
    assert [read(account, "notice_received", day=day) for day in days] == [None, None, 1]


def test_a_contract_archived_by_mistake_is_there_on_the_days_before():
    account = make_tracked_account()
    contract = create_contract(
        account=account,
        arr=100,
        starts_on=DAY - 300 * ONE_DAY,
        ends_on=DAY + 60 * ONE_DAY,
        at=noon(DAY - 300 * ONE_DAY),
    )
    archive_contract(contract=contract, at=noon(DAY - 4 * ONE_DAY))
    restore_contract(contract=contract, at=noon(DAY - 2 * ONE_DAY))

    days = [DAY - n * ONE_DAY for n in (5, 3, 1)]
    assert [read(account, "days_to_renewal", day=day) for day in days] == [65, None, 61]


def test_somebody_who_left_was_there_until_we_knew():
    account = make_tracked_account()
    person = make_contact(account=account, updated_at=LONG_KNOWN)
    make_role(person, "champion", confirmed_on=DAY - 30 * ONE_DAY)
    left_on = DAY - 20 * ONE_DAY
    Contact.objects.filter(pk=person.pk).update(
        left_on=left_on, state="left", updated_at=noon(DAY - 4 * ONE_DAY)
    )

    days = [DAY - n * ONE_DAY for n in (5, 3)]
    assert [read(account, "champion_present", day=day) for day in days] == [1, 0]


def test_usage_is_expected_since_the_day_that_was_said():
    make_organisation()
    account = create_account(
        name="青嶺精機", team=make_team(), tracked=False, at=noon(DAY - 300 * ONE_DAY)
    )
    ensure_metric_slots()
    make_live_source(account=account, days=10)
    update_account(account=account, changes={"tracked": True}, at=noon(DAY - 4 * ONE_DAY))

    days = [DAY - n * ONE_DAY for n in (5, 3)]
    assert [read(account, "active_users", day=day) for day in days] == [None, 0]


def test_a_customer_lost_is_scored_until_that_was_known():
    make_organisation()
    install_scorecards()
    account = create_account(name="青嶺精機", team=make_team(), at=noon(DAY - 300 * ONE_DAY))
    on = DAY - 6 * ONE_DAY
    change_status(account=account, status="churned", on=on, at=noon(DAY - 2 * ONE_DAY))

    scored = [close_day(DAY - n * ONE_DAY, account).accounts for n in (7, 5, 1)]
    assert scored == [1, 1, 0]
