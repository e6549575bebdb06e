"""How service stands at an account: open tickets against their target, late money, milestones."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from accounts.choices import TicketSeverity
from accounts.domain.expectations import TICKET_TARGET_DAYS
from accounts.models import Account, Invoice, OnboardingMilestone, Organisation, Ticket
from accounts.selectors.days import OrganisationDay
from config.lib.workdays import WorkCalendar

#: Places of the severities, the worst first.
URGENCY = {str(severity): place for place, severity in enumerate(TicketSeverity)}
USUAL = TicketSeverity.NORMAL


@dataclass(frozen=True)
class TicketAge:
    """A ticket, the business days it took or has been open, and how many there should be."""

    ticket: Ticket
    work_days: int
    target_days: int

    @property
    def is_beyond(self) -> bool:
        """Say whether it took longer than it should."""
        return self.work_days > self.target_days


@dataclass(frozen=True)
class Lateness:
    """An invoice and by how many days and business days it is or was late; 0 where it was not."""

    invoice: Any
    days: int
    work_days: int


@dataclass(frozen=True)
class Step:
    """A milestone and by how many days it is late; 0 where it is done or lies ahead."""

    milestone: OnboardingMilestone
    days_late: int


@dataclass(frozen=True)
class Place:
    """Where the organisation is: its zone and its business days."""

    zone: dt.tzinfo
    calendar: WorkCalendar

    def day_of(self, moment: dt.datetime) -> dt.date:
        """Return the day it is there at an instant."""
        return moment.astimezone(self.zone).date()


def place() -> Place:
    """Return where the organisation is, in one query a request."""
    zone, country = Organisation.objects.place()
    return Place(ZoneInfo(zone), WorkCalendar(country))


def with_urgency(tickets: Any) -> QuerySet[Ticket]:
    """Annotate `urgency`, 0 for the worst, to sort by."""
    places = [When(severity=severity, then=Value(n)) for severity, n in URGENCY.items()]
    rows: QuerySet[Ticket] = tickets.annotate(
        urgency=Case(*places, default=Value(URGENCY[USUAL]), output_field=IntegerField())
    )
    return rows


def age_of(ticket: Ticket, *, at: dt.datetime, here: Place) -> TicketAge:
    """Count the business days from the day a ticket was opened to its end, or to today."""
    first, last = here.day_of(ticket.opened_at), here.day_of(ticket.resolved_at or at)
    days = here.calendar.workdays_between(first, last)
    return TicketAge(ticket, days, TICKET_TARGET_DAYS[ticket.severity])


def open_tickets(
    account: Account, *, user: Any, at: dt.datetime, here: Place, most: int
) -> list[TicketAge]:
    """Return the open tickets of an account, the worst and oldest first."""
    tickets: Any = with_urgency(Ticket.objects.visible_to(user).open().filter(account=account))
    worst = tickets.order_by("urgency", "opened_at", "pk")[:most]
    return [age_of(ticket, at=at, here=here) for ticket in worst]


def lateness_of(invoice: Any, *, today: dt.date, here: Place) -> Lateness:
    """Count from the due day to the last payment, or to today."""
    until = min(invoice.paid_on or today, today)
    if until <= invoice.due_on:
        return Lateness(invoice, 0, 0)
    days = here.calendar.workdays_between(invoice.due_on, until)
    return Lateness(invoice, (until - invoice.due_on).days, days)


def late_invoices(
    account: Account, *, user: Any, today: dt.date, here: Place, most: int
) -> list[Lateness]:
    """Return the invoices of an account that are past due and not paid, the oldest first."""
    late = Invoice.objects.visible_to(user).late(on=today).filter(account=account)
    oldest = late.order_by("due_on", "pk")[:most]
    return [lateness_of(invoice, today=today, here=here) for invoice in oldest]


def steps_of(milestones: Iterable[OnboardingMilestone], *, today: dt.date) -> list[Step]:
    """Say of each milestone whether it is late."""
    return [
        Step(row, 0 if row.done_on or not row.due_on else max(0, (today - row.due_on).days))
        for row in milestones
    ]


def milestones_of(account: Account, *, user: Any, today: dt.date) -> list[Step]:
    """Return the milestones of an account in the order in which they are due."""
    rows = OnboardingMilestone.objects.visible_to(user).standing().filter(account=account)
    return steps_of(rows.order_by("due_on", "pk"), today=today)


def is_late_invoice(at: dt.datetime) -> Q:
    """Return the rule for an invoice past due and not paid."""
    return Q(due_on__lt=OrganisationDay(at), balance__gt=0)


def is_late_milestone(at: dt.datetime) -> Q:
    """Return the rule for a milestone past due and not reached."""
    return Q(due_on__isnull=False, due_on__lt=OrganisationDay(at), done_on__isnull=True)
