"""Write what happened between us and them: talks, tickets, invoices and payments."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from accounts.domain.due_dates import due_day
from accounts.models import (
    Contact,
    Invoice,
    InvoicePayment,
    Ticket,
    TicketStateFact,
    Touchpoint,
    TouchpointSignal,
    User,
)
from config.demo.lives import Question, Talk, ask_questions, hold_talks, send_bills
from config.demo.load import Member, at
from config.lib.workdays import bank_calendar

BANKS = bank_calendar("JP")
#: For as long, before today, the stories say with whom there were talks.
TOLD_DAYS = 100
SUBJECTS = {
    "ja": {
        "regular_meeting": "定例会", "online_meeting": "オンラインでの打ち合わせ",
        "visit": "訪問", "call": "電話での確認", "mail": "活用のご案内",
    },
    "en": {
        "regular_meeting": "Regular meeting", "online_meeting": "Online meeting",
        "visit": "Visit", "call": "Call", "mail": "Tips for getting more out of it",
    },
}  # fmt: skip
NOTES = {
    "ja": (
        "計画の公開手順を確認。来月から第二工場でも使いたいとのこと。",
        "利用状況を共有。夜勤の入力が定着していない。",
        "更新の社内手続きは年明けに始める予定。",
        "帳票の並び順について要望あり。次回までに回答する。",
    ),
    "en": (
        "Walked through publishing a plan. A second plant wants to join next month.",
        "Shared usage figures. The night shift is not yet entering orders.",
        "Their approval for the renewal starts after New Year.",
        "They asked about the order of columns in the report. We answer next time.",
    ),
}
QUESTIONS = {
    "ja": ("計画表の印刷がずれる", "取り込みで文字化けする", "権限の設定を確認したい"),
    "en": ("Printed plan is shifted", "Import shows garbled text", "Question about permissions"),
}


def load_work(
    members: Sequence[Member], *, people: dict[int, list[Contact]], users: dict[str, User],
    workdays: Sequence[dt.date],
) -> None:  # fmt: skip
    """Insert touchpoints, tickets, invoices and payments of the given accounts."""
    _load_touchpoints(members, people=people, users=users, workdays=workdays)
    _load_tickets(members)
    _load_invoices(members)


def _load_touchpoints(
    members: Sequence[Member], *, people: dict[int, list[Contact]], users: dict[str, User],
    workdays: Sequence[dt.date],
) -> None:  # fmt: skip
    rows: list[tuple[Touchpoint, Contact, User]] = []
    for member in members:
        contacts = people.get(member.account.pk, [])
        user = users[member.story.manager]
        days = [day for day in workdays if member.ended is None or day < member.ended]
        talks = hold_talks(
            member.story.life, contacts=len(contacts), first=member.first, workdays=days,
            touch_model=member.story.touch_model, rng=member.rng,
        )  # fmt: skip
        rows += [
            (_touchpoint(member, talk, user), contacts[_partner(member, talk)], user)
            for talk in talks
        ]
    Touchpoint.objects.bulk_create([row[0] for row in rows], batch_size=2000)
    attended, joined = Touchpoint.contacts.through, Touchpoint.users.through
    attended.objects.bulk_create(
        [attended(touchpoint=row[0], contact=row[1]) for row in rows], batch_size=5000
    )
    joined.objects.bulk_create(
        [joined(touchpoint=row[0], user=row[2]) for row in rows], batch_size=5000
    )
    _load_signals([row[0] for row in rows], members)


def _partner(member: Member, talk: Talk) -> int:
    """Return with whom a talk was; where a story names its people, of late with the first only."""
    is_late = (member.today - talk.on).days <= TOLD_DAYS
    return 0 if member.story.people and is_late else talk.contact


def _touchpoint(member: Member, talk: Talk, user: User) -> Touchpoint:
    language = member.story.language
    when = at(talk.on, member.rng.randint(9, 17))
    return Touchpoint(
        account=member.account,
        type=talk.type,
        direction=talk.direction,
        occurred_at=when,
        duration_minutes=None if talk.type == "mail" else member.rng.choice((30, 60)),
        subject=SUBJECTS[language][talk.type],
        body=member.rng.choice(NOTES[language]) if talk.direction == "two_way" else "",
        sentiment=member.rng.choice(("positive", "neutral", "neutral", "")),
        created_by=user,
        recorded_at=when + dt.timedelta(hours=1),
    )


def _load_signals(touchpoints: Sequence[Touchpoint], members: Sequence[Member]) -> None:
    """The last talk of a customer that is fading holds a hint; one that is well praises."""
    last: dict[int, Touchpoint] = {}
    for touchpoint in touchpoints:
        if touchpoint.direction == "two_way":
            last[touchpoint.account_id] = touchpoint
    signals = []
    for member in members:
        talk = last.get(member.account.pk)
        nps = member.story.life.nps
        if talk is None or nps is None or member.rng.random() > 0.5:
            continue
        signal = "reference" if nps >= 9 else "reorganisation" if nps > 4 else "cancellation_hint"
        signals.append(TouchpointSignal(touchpoint=talk, signal=signal))
    TouchpointSignal.objects.bulk_create(signals)


def _load_tickets(members: Sequence[Member]) -> None:
    tickets: list[Ticket] = []
    states: list[TicketStateFact] = []
    for member in members:
        until = member.ended or member.today
        for question in ask_questions(
            member.story.life, first=member.first, today=until, rng=member.rng
        ):
            ticket = _ticket(member, question, len(tickets))
            tickets.append(ticket)
            states += _ticket_states(ticket, question)
    Ticket.objects.bulk_create(tickets, batch_size=2000)
    TicketStateFact.objects.bulk_create(states, batch_size=4000)


def _ticket(member: Member, question: Question, number: int) -> Ticket:
    opened = at(question.opened_on, 10)
    return Ticket(
        account=member.account,
        external_id=f"T-{member.story.key}-{number}",
        subject=member.rng.choice(QUESTIONS[member.story.language]),
        severity=question.severity,
        state="resolved" if question.resolved_on else "open",
        opened_at=opened,
        resolved_at=at(question.resolved_on, 16) if question.resolved_on else None,
        csat=question.csat,
        recorded_at=opened,
    )


def _ticket_states(ticket: Ticket, question: Question) -> list[TicketStateFact]:
    opened, done = question.opened_on, question.resolved_on
    rows: list[TicketStateFact] = [
        TicketStateFact(
            ticket=ticket, state="open", starts_on=opened, ends_on=done, recorded_at=at(opened, 10)
        )
    ]
    if done:
        rows.append(
            TicketStateFact(
                ticket=ticket, state="resolved", starts_on=done, recorded_at=at(done, 16)
            )
        )
    return rows


def _load_invoices(members: Sequence[Member]) -> None:
    invoices: list[Invoice] = []
    payments: list[InvoicePayment] = []
    for member in members:
        if not member.story.arr:
            continue
        bills = send_bills(
            member.story.life, first=member.first, today=member.ended or member.today,
            monthly=member.story.tier != "a", rng=member.rng,
        )  # fmt: skip
        for number, bill in enumerate(bills):
            amount = round(member.story.arr * bill.share * 1.1)
            invoice = Invoice(
                account=member.account,
                external_id=f"INV-{member.story.key}-{number:03}",
                issued_on=bill.issued_on,
                due_on=due_day(
                    issued_on=bill.issued_on,
                    terms=None,
                    due_on=bill.due_on,
                    banks=BANKS,
                ),
                amount=amount,
                currency=member.story.currency,
                recorded_at=at(bill.issued_on, 9),
            )
            invoices.append(invoice)
            if bill.paid_on:
                paid: dict[str, Any] = {"paid_on": bill.paid_on, "amount": amount}
                payments.append(
                    InvoicePayment(invoice=invoice, **paid, recorded_at=at(bill.paid_on, 15))
                )
    Invoice.objects.bulk_create(invoices, batch_size=2000)
    InvoicePayment.objects.bulk_create(payments, batch_size=4000)
