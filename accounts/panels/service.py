"""Service on the account page: what is open, what is late, how far onboarding has come."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.choices import RecordKind
from accounts.models import Account
from accounts.querysets import reach_of
from accounts.registry import panels
from accounts.selectors.service import late_invoices, milestones_of, open_tickets, place

SHOWN = 5


class ServicePanel:
    """Open tickets by severity against their target, late invoices, milestones."""

    key = "service"
    title = _("Service")
    column = "side"
    order = 35
    template = "accounts/panels/service.html"

    def context(self, *, account: Account, user: Any, at: dt.datetime) -> dict[str, Any] | None:
        """Return what the reader may see of it; None for who sees none of it."""
        reach, here = reach_of(user), place()
        today = here.day_of(at)
        shows_tickets = reach.covers(account, RecordKind.TICKET)
        shows_invoices = reach.covers(account, RecordKind.INVOICE)
        if not (shows_tickets or shows_invoices):
            return None
        tickets = (
            open_tickets(account, user=user, at=at, here=here, most=SHOWN + 1)
            if shows_tickets
            else []
        )
        late = (
            late_invoices(account, user=user, today=today, here=here, most=SHOWN + 1)
            if shows_invoices
            else []
        )
        steps = milestones_of(account, user=user, today=today)
        return {
            "shows_tickets": shows_tickets,
            "shows_invoices": shows_invoices,
            "tickets": tickets[:SHOWN],
            "has_more_tickets": len(tickets) > SHOWN,
            "late": late[:SHOWN],
            "has_more_late": len(late) > SHOWN,
            "done": sum(step.milestone.done_on is not None for step in steps),
            "steps": len(steps),
            "behind": [s for s in steps if s.days_late and not s.milestone.is_first_value],
            "is_first_value_late": any(s.days_late for s in steps if s.milestone.is_first_value),
            "first_value": next((s.milestone for s in steps if s.milestone.is_first_value), None),
            "next_step": next(
                (s.milestone for s in steps if not s.milestone.done_on and not s.days_late), None
            ),
            "may_note": reach.scope(RecordKind.TICKET, write=True) != "none"
            and account.archived_at is None,
            "may_bill": reach.scope(RecordKind.INVOICE, write=True) != "none"
            and account.archived_at is None,
        }


panels.register("service")(ServicePanel())
