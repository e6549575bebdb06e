"""The way not taken: a loop over accounts, each fact fetched with the ORM, scored in Python.

What a product without set-based work does each night. It fetches fewer facts than the compiled
statements read, so it flatters itself; the score comes from the same pure evaluator.
"""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Avg, Count, Max, Sum

from accounts.models import (
    Account,
    Contact,
    ContractTerm,
    Invoice,
    InvoicePayment,
    StakeholderRole,
    Ticket,
    TicketStateFact,
    Touchpoint,
    TouchpointSignal,
)
from scoring.domain.definition import Definition
from scoring.domain.evaluator import evaluate
from scoring.domain.freshness import Reading
from scoring.models import HealthCurrent, HealthDaily, UsageDay, UserMonth
from surveys.models import Response


def score_with_the_orm(
    accounts: Iterable[Account],
    definition: Definition,
    *,
    version_id: int,
    run_id: int,
    day: dt.date,
) -> None:
    """Score one account after the other and write its rows as the loop of a view would."""
    for account in accounts:
        readings = {key: Reading(x) for key, x in _values(account, day).items()}
        found = evaluate(definition, readings)
        HealthDaily.objects.update_or_create(
            account=account,
            day=day,
            defaults={
                "score": found.score,
                "computed": found.computed,
                "base_weight": found.coverage,
                "coverage": found.coverage,
                "points": 0.0,
                "corrections": [0.0, 0.0, 0.0, 0.0],
                "dimensions": [part.utility for part in found.dimensions],
                "contributions": [part.contribution for part in found.parts],
                "kind": "official",
                "version_id": version_id,
                "run_id": run_id,
            },
        )
        HealthCurrent.objects.update_or_create(
            account=account, defaults={"score": found.score, "coverage": found.coverage}
        )


def _values(account: Account, day: dt.date) -> dict[str, float | None]:
    """Fetch what most measures of the starter scorecard need: seventeen queries."""
    since, before = day - dt.timedelta(days=28), day - dt.timedelta(days=56)
    quarter = day - dt.timedelta(days=90)
    months = UserMonth.objects.filter(account=account, month__gte=since.replace(day=1))
    active = months.filter(series_id=0).aggregate(n=Count("user", distinct=True))["n"]
    working = months.exclude(series_id=0).aggregate(n=Count("user", distinct=True))["n"]
    days = UsageDay.objects.filter(account=account)
    logins = days.filter(day__gte=since).aggregate(n=Count("day", distinct=True))["n"]
    now = days.filter(day__gte=since).aggregate(n=Sum("n"))["n"] or 0
    then = days.filter(day__gte=before, day__lt=since).aggregate(n=Sum("n"))["n"] or 0
    touches = Touchpoint.objects.filter(account=account, direction="two_way")
    last = touches.aggregate(at=Max("occurred_at"))["at"]
    touched = Contact.objects.filter(
        touchpoints__account=account, touchpoints__occurred_at__date__gte=quarter
    )
    contacts = touched.aggregate(n=Count("pk", distinct=True))["n"]
    roles = StakeholderRole.objects.filter(account=account, ends_on=None)
    confirmed = roles.aggregate(n=Count("role", distinct=True))["n"]
    signals = TouchpointSignal.objects.filter(touchpoint__account=account).count()
    tickets = Ticket.objects.filter(account=account)
    csat = tickets.aggregate(x=Avg("csat"))["x"]
    solved = TicketStateFact.objects.filter(ticket__account=account, state="resolved").count()
    late = tickets.filter(severity="critical").exclude(state="resolved").count()
    terms = ContractTerm.objects.filter(contract__account=account)
    arr = terms.filter(ends_on=None).aggregate(x=Sum("arr"))["x"]
    old = terms.filter(ends_on__lte=day).aggregate(x=Sum("arr"))["x"]
    billed = Invoice.objects.filter(account=account).aggregate(x=Sum("amount"))["x"] or 0
    paid = InvoicePayment.objects.filter(invoice__account=account).aggregate(x=Sum("amount"))["x"]
    answer = Response.objects.filter(account=account).aggregate(x=Avg("score"))["x"]
    return {
        "active_user_share": active / (account.licensed_users or 1),
        "key_workflow_share": working / active if active else 0.0,
        "login_days": float(logins),
        "usage_change": (now - then) / (then or 1),
        "touch_recency": (day - last.date()).days / 30 if last else None,
        "contacts_touched": float(contacts),
        "required_roles": min(1.0, confirmed / 4),
        "complaint_heard": float(signals),
        "ticket_csat": csat,
        "resolution_time": float(solved > 0),
        "tickets_beyond_target": float(late > 0),
        "arr_change": float(arr / old) if arr and old else None,
        "overdue_share": float(1 - (paid or 0) / billed) if billed else None,
        "nps": answer,
    }
