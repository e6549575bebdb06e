"""Two accounts full of everything a merge may meet, and a picture of all that is stored."""

import datetime as dt
from typing import Any

from django.apps import apps

from accounts.models import (
    Account,
    AccountDomain,
    AccountShare,
    Contact,
    ContactStanding,
    ExternalRef,
    Invoice,
    OnboardingMilestone,
    StakeholderRelation,
    StakeholderRole,
    Team,
    Ticket,
    TouchpointTodo,
    User,
)
from accounts.services.accounts import create_account
from scoring.models import HealthOverride, Source, UsageUser, WriteKey
from tests.factories import (
    LONG_AGO,
    make_account_role,
    make_contact,
    make_contract,
    make_touchpoint,
    make_user,
)
from tests.playbooks.factories import make_playbook, make_run, make_task
from tests.surveys.factories import make_invitation, make_wave

AT = dt.datetime(2026, 6, 10, 3, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 6, 10)
#: Columns that say when a row was written.
STAMPS = {"updated_at", "recorded_at"}


def make_twin(*, team: Team, name: str, **fields: Any) -> Account:
    return create_account(at=AT - dt.timedelta(days=30), name=name, team=team, **fields)


def fill(account: Account, *, people: int = 2, mail: str = "x", staff: User | None = None) -> None:
    """Give an account a row of every kind, open and closed."""
    staff = staff or make_user(team=account.team)
    make_account_role(account=account, user=staff)
    AccountShare.objects.create(account=account, user=make_user())
    AccountDomain.objects.create(account=account, domain=f"{mail}.example")
    ExternalRef.objects.create(
        kind="account", object_id=account.pk, source="salesforce", value=f"sf-{account.pk}"
    )
    contacts = [
        make_contact(account=account, email=f"{mail}{number}@customer.example")
        for number in range(people)
    ]
    _people(account, contacts)
    _papers(account, contacts[0])
    _work(account, contacts)


def _people(account: Account, contacts: list[Contact]) -> None:
    for contact in contacts:
        StakeholderRole.objects.create(
            account=account, contact=contact, role="champion", starts_on=LONG_AGO
        )
    ContactStanding.objects.create(
        account=account, contact=contacts[0], stance="supporter", starts_on=LONG_AGO
    )
    if len(contacts) > 1:
        StakeholderRelation.objects.create(
            account=account,
            from_contact=contacts[0],
            to_contact=contacts[1],
            kind="influences",
            starts_on=LONG_AGO,
        )


def _papers(account: Account, contact: Contact) -> None:
    make_contract(account=account)
    make_contract(
        account=account, starts_on=dt.date(2024, 4, 1), ends_on=dt.date(2025, 3, 31), product="old"
    )
    for resolved_at in (None, AT):
        Ticket.objects.create(
            account=account,
            contact=contact,
            subject="Print",
            severity="normal",
            opened_at=AT - dt.timedelta(days=3),
            state="resolved" if resolved_at else "open",
            resolved_at=resolved_at,
        )
    for paid in (False, True):
        invoice = Invoice.objects.create(
            account=account, issued_on=LONG_AGO, due_on=LONG_AGO, amount=1000
        )
        if paid:
            invoice.payments.create(paid_on=TODAY, amount=1000)
    OnboardingMilestone.objects.create(
        account=account, key="kick_off", label_en="Kick-off", label_ja="キックオフ"
    )


def _work(account: Account, contacts: list[Contact]) -> None:
    talk = make_touchpoint(account=account)
    draft = make_touchpoint(account=account, is_draft=True)
    for touchpoint in (talk, draft):
        touchpoint.contacts.set(contacts)
        TouchpointTodo.objects.create(
            touchpoint=touchpoint, side="theirs", text="Send", contact=contacts[0]
        )
    key = WriteKey.objects.create(
        name="App", prefix=f"p{account.pk}", digest=str(account.pk).encode()
    )
    Source.objects.create(account=account, write_key=key, first_event_at=AT, last_event_at=AT)
    UsageUser.objects.create(account=account, user_key="u", contact=contacts[0])
    HealthOverride.objects.create(
        account=account,
        kind="band",
        band="at_risk",
        reason="Rumour",
        author=make_user(),
        starts_at=AT - dt.timedelta(days=1),
        expires_at=AT + dt.timedelta(days=9),
    )
    make_task(account=account)
    make_invitation(wave=make_wave(), contact=contacts[0])


def give_runs(source: Account, target: Account) -> None:
    """Give both a run of one playbook, the source one of its own besides."""
    shared = make_playbook()
    for account in (source, target):
        run = make_run(account=account, playbook=shared, episode_key=f"e:{account.pk}")
        make_task(account=account, run=run, step_key="read")
    own = make_run(account=source, playbook=make_playbook(), episode_key="own")
    make_task(account=source, run=own, step_key="read")


def picture() -> dict[str, set[Any]]:
    """Return every row that stands, without when it was written and without merges themselves."""
    shown: dict[str, set[Any]] = {}
    for model in apps.get_models(include_auto_created=True):
        label = model._meta.label_lower
        if (
            model._meta.app_label not in {"accounts", "scoring", "surveys", "playbooks"}
            or label.endswith("event")
            or "merge" in label
            or label == "accounts.dirtyaccount"
        ):
            continue
        names = [field.attname for field in model._meta.concrete_fields]
        rows: Any = model._base_manager.all()
        if "retracted_at" in names:
            rows = rows.filter(retracted_at=None)
        kept = [name for name in names if name not in STAMPS]
        shown[label] = {repr(sorted(row.items())) for row in rows.values(*kept)}
    return shown
