"""Plain functions that make believable rows for tests; fields given win over defaults."""

import datetime as dt
import itertools
from typing import Any

from accounts.models import (
    Account,
    AccountRole,
    Contact,
    Contract,
    ContractTerm,
    Invoice,
    InvoicePayment,
    OnboardingMilestone,
    Organisation,
    Team,
    TeamMembership,
    Ticket,
    Touchpoint,
    User,
)
from config.lib.clock import app_now

_numbers = itertools.count(1)
LONG_AGO = dt.date(2020, 4, 1)


def our_day() -> dt.date:
    """Return today where the organisation is: from 15:00 UTC on it is tomorrow in Tokyo."""
    return Organisation.objects.day_of(app_now())


def make_organisation(**fields: Any) -> Organisation:
    return Organisation.objects.update_or_create(
        pk=1, defaults={"name": "株式会社ハルカゼクラウド", "product_name": "Monorhythm", **fields}
    )[0]


def make_team(**fields: Any) -> Team:
    return Team.objects.create(**{"name": f"Team {next(_numbers)}", **fields})


def make_user(*, team: Team | None = None, **fields: Any) -> User:
    number = next(_numbers)
    values = {
        "username": f"user{number}@harukaze.example",
        "family_name": "佐伯",
        "given_name": "直人",
        "role": "member",
        "language": "en",
        **fields,
    }
    values.setdefault("email", values["username"])
    user = User(**values)
    user.set_password("correct horse battery")
    user.save()
    if team is not None:
        TeamMembership.objects.create(team=team, user=user)
    return user


def make_account(**fields: Any) -> Account:
    number = next(_numbers)
    if "team" not in fields and "team_id" not in fields:
        fields["team"] = make_team()
    values = {"name": f"株式会社テスト{number}", "external_id": f"acc-{number}", **fields}
    values.setdefault("name_key", values["name"])
    return Account.objects.create(**values)


def make_account_role(*, account: Account, user: User, **fields: Any) -> AccountRole:
    return AccountRole.objects.create(
        account=account,
        user=user,
        **{"role": "account_manager", "starts_on": LONG_AGO, **fields},
    )


def make_contact(*, account: Account, **fields: Any) -> Contact:
    number = next(_numbers)
    return Contact.objects.create(
        account=account,
        **{
            "family_name": "水上",
            "given_name": "隆",
            "email": f"person{number}@customer.example",
            "external_id": f"con-{number}",
            **fields,
        },
    )


def make_contract(*, account: Account, arr: int = 1_200_000, **fields: Any) -> Contract:
    contract = Contract.objects.create(
        account=account,
        **{
            "starts_on": dt.date(2026, 4, 1),
            "ends_on": dt.date(2027, 3, 31),
            "product": "Monorhythm",
            **fields,
        },
    )
    ContractTerm.objects.create(contract=contract, arr=arr, starts_on=contract.starts_on)
    return contract


def make_touchpoint(*, account: Account, **fields: Any) -> Touchpoint:
    return Touchpoint.objects.create(
        account=account,
        **{
            "type": "call",
            "direction": "two_way",
            "occurred_at": dt.datetime(2026, 6, 1, 5, 0, tzinfo=dt.UTC),
            "subject": "Call",
            **fields,
        },
    )


def make_ticket(*, account: Account, **fields: Any) -> Ticket:
    """An open ticket, or a resolved one with `resolved_at`, with its dated states."""
    opened = dt.datetime(2026, 6, 1, 5, 0, tzinfo=dt.UTC)
    values = {"subject": "Import fails", "severity": "normal", "opened_at": opened, **fields}
    values.setdefault("state", "resolved" if values.get("resolved_at") else "open")
    ticket = Ticket.objects.create(account=account, **values)
    done = ticket.resolved_at and ticket.resolved_at.date()
    ticket.states.create(state="open", starts_on=ticket.opened_at.date(), ends_on=done)
    if done:
        ticket.states.create(state="resolved", starts_on=done)
    return ticket


def make_invoice(*, account: Account, **fields: Any) -> Invoice:
    number = next(_numbers)
    values = {
        "external_id": f"INV-{number:04}",
        "issued_on": dt.date(2026, 5, 1),
        "due_on": dt.date(2026, 5, 29),
        "amount": 110_000,
        **fields,
    }
    return Invoice.objects.create(account=account, **values)


def make_payment(*, invoice: Invoice, **fields: Any) -> InvoicePayment:
    values = {"paid_on": dt.date(2026, 5, 28), "amount": invoice.amount, **fields}
    return InvoicePayment.objects.create(invoice=invoice, **values)


def make_milestone(*, account: Account, **fields: Any) -> OnboardingMilestone:
    number = next(_numbers)
    values = {"key": f"step_{number}", "label_en": "Kick-off", "label_ja": "キックオフ", **fields}
    return OnboardingMilestone.objects.create(account=account, **values)
