"""Tickets: what the customer asked, in which state it is, and how content they were with it.

Health counts tickets, so a correction must not change what was known before: the row keeps its id
and takes the new values, beside it stays a retracted copy with its states. States are dated facts.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.choices import TicketSeverity, TicketState
from accounts.models import Account, Contact, Organisation, Ticket, TicketStateFact, User
from accounts.services.accounts import lock_account
from accounts.services.authors import written_by
from accounts.services.conflicts import ExternalIdTaken, apply_changes, check_columns, refusing
from accounts.services.corrections import Kept
from accounts.services.dirty import mark_accounts_dirty
from accounts.services.facts import put_fact, retract_fact
from config.lib.problems import Conflict, FieldError, Problem

PLAIN = {"external_id", "contact", "subject", "severity", "opened_at", "csat"}
#: What health is computed from; the rest is words.
WEIGHTY = {"severity", "opened_at", "csat"}
#: Nearer to the edges of the calendar, an instant has no date in half of the world's zones.
EARLIEST_YEAR, LATEST_YEAR = 1900, 2199
SLACK = dt.timedelta(minutes=15)


class TicketNotYet(Problem):
    """A ticket is opened and resolved in the past."""

    code = "ticket_not_yet"
    title = _("The moment must lie in the past, after the year 1900.")

    def __init__(self, member: str = "opened_at") -> None:
        super().__init__(errors=[FieldError(f"/{member}", self.title)])


class ResolvedBeforeOpened(Problem):
    """Nothing is resolved before it was opened."""

    code = "resolved_before_opened"
    title = _("The ticket was opened later than that.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/resolved_at", self.title)])


class CsatOutOfRange(Problem):
    """Contentment is a mark from 1 to 5."""

    code = "csat_out_of_range"
    title = _("The mark lies between 1 and 5.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/csat", self.title)])


class StrangerAsks(Problem):
    """Who asked belongs to another account."""

    code = "stranger_asks"
    title = _("This contact belongs to another account.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/contact", self.title)])


class TicketRetracted(Conflict):
    """A retracted ticket takes no changes."""

    code = "ticket_retracted"
    title = _("The ticket was taken back.")


_CONFLICTS: Mapping[str, type[Problem]] = {
    "accounts_ticket_external_id": ExternalIdTaken,
    "accounts_ticket_csat": CsatOutOfRange,
    "accounts_ticket_resolved_after_opened": ResolvedBeforeOpened,
}
_KEPT = Kept("ticket", TicketRetracted, WEIGHTY, _CONFLICTS, parts="states")


def record_ticket(
    *,
    account: Account,
    subject: str,
    at: dt.datetime,
    by: User | None = None,
    state: TicketState | str = "",
    resolved_at: dt.datetime | None = None,
    **fields: Any,
) -> Ticket:
    """Note what a customer asked; it is open from the day it was opened.

    :param state: follows from `resolved_at` where it is not given.
    :param fields: plain columns; opened now and of normal severity unless given.
    :raises AccountArchived: for an account that is archived, or went into another.
    :raises StrangerAsks: for a contact of another account.
    :raises ResolvedBeforeOpened: for a resolution before its beginning.
    """
    ticket = Ticket(account=account, recorded_at=at, updated_at=at)
    given = {"opened_at": at, "severity": TicketSeverity.NORMAL, **fields, "subject": subject}
    apply_changes(ticket, given, allowed=PLAIN)
    _resolve(ticket, _state(state, resolved_at), resolved_at, at=at)
    check_columns(ticket)
    with written_by(by), refusing(_CONFLICTS):
        lock_account(account)
        _check(ticket, at=at)
        ticket.save()
        _put_state(ticket, TicketState.OPEN, on=_day(ticket.opened_at), at=at)
        if ticket.state != TicketState.OPEN:
            _put_state(ticket, ticket.state, on=_day(ticket.resolved_at or at), at=at)
        mark_accounts_dirty(account_ids=[account.pk], reason="ticket", at=at)
    return ticket


def update_ticket(
    *, ticket: Ticket, changes: Mapping[str, Any], at: dt.datetime, by: User | None = None
) -> Ticket:
    """Correct a ticket, resolve it, reopen it or let it wait.

    :param changes: plain columns, `state` and `resolved_at`; either of the two brings the other.
    :raises AccountArchived: when it would be open at an account that is archived or has gone.
    :raises TicketRetracted: when it was taken back.
    """
    plain = dict(changes)
    moved: dict[str, Any] = {
        name: plain.pop(name) for name in ("state", "resolved_at") if name in plain
    }
    with written_by(by):
        with _KEPT.correcting(ticket, at=at, by=by) as locked:
            opened_on, was = _day(locked.opened_at), (locked.state, locked.resolved_at)
            apply_changes(locked, plain, allowed=PLAIN)
            if moved:
                _move(locked, moved, at=at)
            _check(locked, at=at)
            if was[1] and not locked.resolved_at:
                lock_account(locked.account)
        if _day(locked.opened_at) != opened_on or (locked.state, locked.resolved_at) != was:
            _follow_state(locked, was_opened_on=opened_on, was_resolved_at=was[1], at=at)
    return locked


def resolve_ticket(
    *,
    ticket: Ticket,
    at: dt.datetime,
    resolved_at: dt.datetime | None = None,
    by: User | None = None,
) -> Ticket:
    """Say that the ticket is resolved, now unless another moment is given."""
    return update_ticket(ticket=ticket, changes={"resolved_at": resolved_at or at}, at=at, by=by)


def reopen_ticket(*, ticket: Ticket, at: dt.datetime, by: User | None = None) -> Ticket:
    """Say that the ticket is open again from today; that it was resolved until then stays."""
    return update_ticket(ticket=ticket, changes={"state": TicketState.OPEN}, at=at, by=by)


def await_customer(*, ticket: Ticket, at: dt.datetime, by: User | None = None) -> Ticket:
    """Say that the ticket waits for the customer from today."""
    return update_ticket(ticket=ticket, changes={"state": TicketState.WAITING}, at=at, by=by)


def retract_ticket(*, ticket: Ticket, at: dt.datetime, by: User | None = None) -> Ticket:
    """Take a ticket back; earlier days can still be computed with it. Twice is once."""
    return _KEPT.retract(ticket, at=at, by=by)


def restore_ticket(*, ticket: Ticket, at: dt.datetime, by: User | None = None) -> Ticket:
    """Undo that a ticket was taken back: it is known again from now on."""
    return _KEPT.restore(ticket, at=at, by=by)


def _state(state: str, resolved_at: dt.datetime | None) -> TicketState:
    if state:
        return TicketState(state)
    return TicketState.RESOLVED if resolved_at else TicketState.OPEN


def _move(ticket: Ticket, moved: Mapping[str, Any], *, at: dt.datetime) -> None:
    resolved_at = moved.get("resolved_at")
    if "state" in moved:
        state = TicketState(moved["state"])
        kept = ticket.resolved_at if "resolved_at" not in moved else None
        _resolve(ticket, state, resolved_at or kept, at=at)
    elif resolved_at or ticket.state == TicketState.RESOLVED:
        _resolve(ticket, _state("", resolved_at), resolved_at, at=at)


def _resolve(
    ticket: Ticket, state: TicketState, resolved_at: dt.datetime | None, *, at: dt.datetime
) -> None:
    is_resolved = state == TicketState.RESOLVED
    ticket.state, ticket.resolved_at = state, (resolved_at or at) if is_resolved else None


def _check(ticket: Ticket, *, at: dt.datetime) -> None:
    for member in ("opened_at", "resolved_at"):
        moment = getattr(ticket, member)
        if moment and not (EARLIEST_YEAR <= moment.year <= LATEST_YEAR and moment <= at + SLACK):
            raise TicketNotYet(member)
    if ticket.contact is not None and not _is_here(ticket.contact, ticket):
        raise StrangerAsks


def _is_here(contact: Contact, ticket: Ticket) -> bool:
    """Ask the stored row: a merge or its undo may have moved the person meanwhile."""
    return Contact.objects.filter(pk=contact.pk, account=ticket.account_id).exists()


def _day(moment: dt.datetime) -> dt.date:
    day: dt.date = Organisation.objects.day_of(moment)
    return day


def _put_state(ticket: Ticket, state: str, *, on: dt.date, at: dt.datetime) -> None:
    put_fact(TicketStateFact, owner={"ticket": ticket}, values={"state": state}, on=on, at=at)


def _follow_state(
    ticket: Ticket,
    *,
    was_opened_on: dt.date,
    was_resolved_at: dt.datetime | None,
    at: dt.datetime,
) -> None:
    """Bring the dated states in step with the row.

    A new beginning or another moment of the resolution corrects the past, so the states are said
    anew; anything else is a change from today on, or from the day of the resolution.
    """
    opened_on = _day(ticket.opened_at)
    is_correction = opened_on != was_opened_on or (was_resolved_at and ticket.resolved_at)
    if is_correction:
        for fact in ticket.states.filter(retracted_at=None):
            retract_fact(fact, at=at)
        _put_state(ticket, TicketState.OPEN, on=opened_on, at=at)
    if not is_correction or ticket.state != TicketState.OPEN:
        _put_state(ticket, ticket.state, on=max(_day(ticket.resolved_at or at), opened_on), at=at)
