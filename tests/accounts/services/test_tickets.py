import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import DirtyAccount, Ticket
from accounts.services.conflicts import ExternalIdTaken
from accounts.services.tickets import (
    ResolvedBeforeOpened,
    StrangerAsks,
    TicketNotYet,
    TicketRetracted,
    await_customer,
    record_ticket,
    reopen_ticket,
    resolve_ticket,
    restore_ticket,
    retract_ticket,
    update_ticket,
)
from tests.factories import make_account, make_contact, make_organisation

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 6, 19, 3, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def states(ticket):
    """Return what the dated states say now: state, first day, day on which it no longer holds."""
    rows = ticket.states.filter(retracted_at=None).order_by("starts_on", "pk")
    return [(row.state, str(row.starts_on), row.ends_on and str(row.ends_on)) for row in rows]


def test_a_new_ticket_is_open_from_the_day_it_was_opened():
    account = make_account()

    ticket = record_ticket(account=account, subject="止まる", opened_at=AT - 3 * DAY, at=AT)

    assert (ticket.state, ticket.severity) == ("open", "normal")
    assert states(ticket) == [("open", "2026-06-16", None)]
    assert DirtyAccount.objects.filter(account=account, reason="ticket").exists()


def test_a_ticket_that_is_over_already_has_both_states():
    ticket = record_ticket(
        account=make_account(),
        subject="Slow",
        opened_at=AT - 5 * DAY,
        resolved_at=AT - 2 * DAY,
        at=AT,
    )

    assert ticket.state == "resolved"
    assert states(ticket) == [
        ("open", "2026-06-14", "2026-06-17"),
        ("resolved", "2026-06-17", None),
    ]


def test_resolving_waiting_and_reopening_leave_their_days():
    ticket = record_ticket(account=make_account(), subject="Slow", at=AT)
    ticket = await_customer(ticket=ticket, at=AT + DAY)
    ticket = resolve_ticket(ticket=ticket, at=AT + 3 * DAY)
    ticket = reopen_ticket(ticket=ticket, at=AT + 5 * DAY)

    assert (ticket.state, ticket.resolved_at) == ("open", None)
    assert states(ticket) == [
        ("open", "2026-06-19", "2026-06-20"),
        ("waiting", "2026-06-20", "2026-06-22"),
        ("resolved", "2026-06-22", "2026-06-24"),
        ("open", "2026-06-24", None),
    ]


def test_another_moment_of_the_resolution_corrects_the_past():
    ticket = record_ticket(account=make_account(), subject="Slow", opened_at=AT - 9 * DAY, at=AT)
    resolve_ticket(ticket=ticket, at=AT)

    ticket = resolve_ticket(ticket=ticket, resolved_at=AT - 4 * DAY, at=AT + DAY)

    assert states(ticket) == [
        ("open", "2026-06-10", "2026-06-15"),
        ("resolved", "2026-06-15", None),
    ]
    known = ticket.states.known_at(AT + DAY / 2).filter(state="resolved").get()
    assert known.starts_on == dt.date(2026, 6, 19)


def test_a_correction_of_what_counts_leaves_what_was_known():
    ticket = record_ticket(account=make_account(), subject="Slow", external_id="T-1", at=AT)

    update_ticket(ticket=ticket, changes={"severity": "critical"}, at=AT + DAY)

    kept = Ticket.objects.get(retracted_at=AT + DAY)
    assert (kept.severity, kept.recorded_at, states(kept)) == (
        "normal",
        AT,
        [("open", "2026-06-19", None)],
    )
    now = Ticket.objects.get(pk=ticket.pk)
    assert (now.severity, now.recorded_at, now.external_id) == ("critical", AT + DAY, "T-1")


def test_other_words_leave_no_copy():
    ticket = record_ticket(account=make_account(), subject="Slow", at=AT)

    update_ticket(ticket=ticket, changes={"subject": "Very slow"}, at=AT + DAY)

    assert Ticket.objects.get().subject == "Very slow"


def test_what_was_taken_back_comes_back_with_the_gap_known():
    ticket = record_ticket(account=make_account(), subject="Slow", at=AT)
    retract_ticket(ticket=ticket, at=AT + DAY)
    with pytest.raises(TicketRetracted):
        resolve_ticket(ticket=ticket, at=AT + DAY)

    restore_ticket(ticket=ticket, at=AT + 3 * DAY)

    spans = Ticket.objects.order_by("recorded_at").values_list("recorded_at", "retracted_at")
    assert list(spans) == [(AT, AT + DAY), (AT + 3 * DAY, None)]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"opened_at": AT + DAY}, TicketNotYet),
        ({"opened_at": dt.datetime(1066, 10, 14, tzinfo=dt.UTC)}, TicketNotYet),
        ({"resolved_at": AT + DAY}, TicketNotYet),
        ({"opened_at": AT - DAY, "resolved_at": AT - 2 * DAY}, ResolvedBeforeOpened),
    ],
)
def test_odd_moments_are_refused(fields, problem):
    with pytest.raises(problem):
        record_ticket(account=make_account(), subject="Slow", at=AT, **fields)

    assert not Ticket.objects.exists()


def test_a_stranger_and_a_second_ticket_of_one_id_are_refused():
    account = make_account()
    stranger = make_contact(account=make_account())
    record_ticket(account=account, subject="Slow", external_id="T-1", at=AT)

    with pytest.raises(StrangerAsks):
        record_ticket(account=account, subject="Slow", contact=stranger, at=AT)
    with pytest.raises(ExternalIdTaken):
        record_ticket(account=account, subject="Slow", external_id="T-1", at=AT)


MOVES = st.lists(
    st.tuples(st.sampled_from(["open", "waiting", "resolved"]), st.integers(0, 3)), max_size=8
)


class TestAnyLife(TestCase):
    """Whatever happens to a ticket, exactly one state holds on each day since it was opened."""

    @settings(max_examples=25, deadline=None)
    @given(MOVES)
    def test_one_state_a_day_and_the_last_is_the_row(self, moves):
        make_organisation()
        ticket, at = record_ticket(account=make_account(), subject="Slow", at=AT), AT
        for state, days in moves:
            at += days * DAY
            ticket = update_ticket(ticket=ticket, changes={"state": state}, at=at)

        for day in (AT.date() + n * DAY for n in range((at - AT).days + 1)):
            assert ticket.states.current().holding_on(day).count() == 1
        assert ticket.states.open().get().state == ticket.state
