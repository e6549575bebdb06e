"""What the customer record adds to an account's history: talks, tickets, changes of people."""

import datetime as dt
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    Case,
    DateTimeField,
    F,
    Func,
    OuterRef,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import ContactState, Signal
from accounts.models import Account, Contact, Ticket, Touchpoint, TouchpointSignal
from accounts.models.names import NAME_PARTS
from accounts.querysets import at_or_merged_into
from accounts.registry import TimelineSource, timeline
from accounts.selectors.touchpoint_types import type_label
from accounts.timeline.days import NO_CHIPS, NO_TEXT, Rows


def _touchpoints(*, account: Account, user: Any, before: dt.datetime | None) -> Rows:
    talks = Touchpoint.objects.visible_to(user).standing().filter(at_or_merged_into(account))
    if before:
        talks = talks.filter(occurred_at__lt=before)
    signals = TouchpointSignal.objects.filter(touchpoint=OuterRef("pk")).order_by("signal")
    body = Case(When(is_body_readable=True, then=F("body")), default=NO_TEXT)
    return (
        talks.with_readable_body(user)
        .order_by()
        .values(
            event_source=Value("touchpoints", TextField()),
            event_at=F("occurred_at"),
            event_id=Cast("pk", BigIntegerField()),
            event_title=Cast("subject", TextField()),
            event_text=Cast(body, TextField()),
            event_chips=ArraySubquery(signals.values(word=Cast("signal", TextField()))),
            event_tone=Cast("type", TextField()),
        )
    )


def _present_touchpoint(row: dict[str, Any]) -> dict[str, Any]:
    words = dict(Signal.choices)
    chips = [type_label(row["event_tone"]), *(words[chip] for chip in row["event_chips"])]
    return {**row, "event_chips": chips, "event_tone": ""}


def _tickets(*, account: Account, user: Any, before: dt.datetime | None) -> Rows:
    tickets = Ticket.objects.visible_to(user).standing().filter(account=account)
    tickets = tickets.annotate(moment=Coalesce("resolved_at", "opened_at"))
    if before:
        tickets = tickets.filter(moment__lt=before)
    rows: Rows = tickets.order_by().values(
        event_source=Value("tickets", TextField()),
        event_at=F("moment"),
        event_id=Cast("pk", BigIntegerField()),
        event_title=Cast("subject", TextField()),
        event_text=Cast("severity", TextField()),
        event_chips=NO_CHIPS,
        event_tone=Cast("resolved_at", TextField()),
    )
    return rows


def _present_ticket(row: dict[str, Any]) -> dict[str, Any]:
    subject = row["event_title"]
    title = (
        _("Ticket resolved: %(subject)s") if row["event_tone"] else _("Ticket opened: %(subject)s")
    ) % {"subject": subject}
    return {**row, "event_title": title, "event_text": "", "event_tone": ""}


def _people(*, account: Account, user: Any, before: dt.datetime | None) -> Rows:
    changed = Contact.objects.visible_to(user).filter(
        account=account, state_on__isnull=False, archived_at__isnull=True
    )
    changed = changed.exclude(state=ContactState.ACTIVE)
    changed = changed.annotate(moment=Cast("state_on", DateTimeField()))
    if before:
        changed = changed.filter(moment__lt=before)
    rows: Rows = changed.order_by().values(
        event_source=Value("people", TextField()),
        event_at=F("moment"),
        event_id=Cast("pk", BigIntegerField()),
        event_title=NO_TEXT,
        event_text=NO_TEXT,
        event_chips=Func(
            *(Cast(part, TextField()) for part in NAME_PARTS),
            function="ARRAY",
            template="%(function)s[%(expressions)s]",
            output_field=ArrayField(TextField()),
        ),
        event_tone=Cast("state", TextField()),
    )
    return rows


def _present_person(row: dict[str, Any]) -> dict[str, Any]:
    person = Contact(**dict(zip(NAME_PARTS, row["event_chips"], strict=True)))
    words = {
        "person": str(person),
        "state": dict(ContactState.choices)[row["event_tone"]],
    }
    return {
        **row,
        "event_title": _("%(person)s: %(state)s") % words,
        "event_chips": [],
        "event_tone": "",
    }


timeline.register("touchpoints")(
    TimelineSource(
        "touchpoints",
        gettext_lazy("Touchpoints"),
        "message-circle",
        _touchpoints,
        _present_touchpoint,
        lambda row: reverse("accounts:touchpoint_detail", args=[row["event_id"]]),
    )
)
timeline.register("tickets")(
    TimelineSource("tickets", gettext_lazy("Tickets"), "ticket", _tickets, _present_ticket)
)
timeline.register("people")(
    TimelineSource(
        "people", gettext_lazy("Changes of people"), "user-off", _people, _present_person
    )
)
