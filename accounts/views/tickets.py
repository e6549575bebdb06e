"""A ticket: its page, its states, and the forms that change it."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.choices import RecordKind
from accounts.forms.service import TicketForm
from accounts.models import Account, Ticket, User
from accounts.querysets import reach_of
from accounts.selectors.service import age_of, place
from accounts.services.tickets import (
    await_customer,
    record_ticket,
    reopen_ticket,
    resolve_ticket,
    restore_ticket,
    retract_ticket,
    update_ticket,
)
from accounts.views.account_forms import account_page, form_methods
from accounts.views.editing import editing
from accounts.views.form_pages import FormPage, answer_form, crumb_of, go_home, posted, to_change
from accounts.views.once import Made
from config.lib.clock import app_now
from config.lib.toasts import say

_MOVES = {"resolve": resolve_ticket, "reopen": reopen_ticket, "wait": await_customer}


@require_safe
def ticket_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what was asked, in which states it was, and how long it took."""
    tickets = Ticket.objects.visible_to(request.user).standing()
    ticket = get_object_or_404(tickets.select_related("account", "contact"), pk=pk)
    context = {
        "ticket": ticket,
        "account": reach_of(request.user).told(ticket.account),
        "shows_people": reach_of(request.user).covers(ticket.account, RecordKind.CONTACT),
        "age": age_of(ticket, at=app_now(), here=place()),
        "states": ticket.states.filter(retracted_at=None).order_by("-starts_on", "-pk"),
        "editable": Ticket.objects.editable_by(request.user).filter(pk=pk).exists()
        and ticket.account.archived_at is None,
    }
    return render(request, "accounts/ticket_detail.html", context)


@form_methods
def ticket_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Note a ticket of an account."""
    account = to_change(Account.objects.unarchived(), request, pk, kind=RecordKind.TICKET)
    now = app_now()
    form = TicketForm(
        posted(request), account=account, user=request.user, initial={"opened_at": now}
    )
    page = account_page(account, _("New ticket"), _("Add ticket"))

    def save(values: dict[str, Any]) -> str:
        ticket = record_ticket(account=account, by=_me(request), at=now, **form.values())
        say(request, _("The ticket was added."), undo=_address("retract", ticket))
        return Made(page.back, ticket)

    return answer_form(request, form, page, save)


@editing(Ticket)
def ticket_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a ticket."""
    ticket = _to_change(request, pk)
    form = TicketForm(posted(request), instance=ticket, account=ticket.account, user=request.user)
    crumb, back = crumb_of(ticket, request.user), _address("detail", ticket)
    page = FormPage(_("Edit ticket"), _("Save"), crumb, back)

    def save(values: dict[str, Any]) -> str:
        update_ticket(ticket=ticket, changes=form.changes(), by=_me(request), at=app_now())
        say(request, _("The ticket was saved."))
        return page.back

    return answer_form(request, form, page, save)


@require_POST
def ticket_move(request: HttpRequest, pk: int, to: str) -> HttpResponse:
    """Resolve a ticket, reopen it, or let it wait for the customer."""
    ticket = _to_change(request, pk)
    back = {"open": "reopen", "waiting": "wait", "resolved": "resolve"}[ticket.state]
    moved = _MOVES[to](ticket=ticket, by=_me(request), at=app_now())
    said = _("The ticket's state is now “%(state)s”.") % {"state": moved.get_state_display()}
    say(request, said, undo=_address(back, ticket) if back != to else "")
    return redirect(_address("detail", ticket))


@require_POST
def ticket_retract(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a ticket back; the toast brings it back."""
    ticket = _to_change(request, pk)
    retract_ticket(ticket=ticket, by=_me(request), at=app_now())
    say(request, _("The ticket was taken back."), undo=_address("restore", ticket))
    return go_home(request, ticket, list_key="tickets")


@require_POST
def ticket_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring a ticket back that was taken back."""
    rows = Ticket.objects.exclude(retracted_at=None).filter(account__archived_at=None)
    ticket = to_change(rows, request, pk)
    restore_ticket(ticket=ticket, by=_me(request), at=app_now())
    say(request, _("The ticket is back."))
    return redirect(_address("detail", ticket))


def _to_change(request: HttpRequest, pk: int) -> Ticket:
    rows = Ticket.objects.standing().filter(account__archived_at=None)
    ticket: Ticket = to_change(rows.select_related("account", "contact"), request, pk)
    return ticket


def _address(name: str, ticket: Ticket) -> str:
    return reverse(f"accounts:ticket_{name}", args=[ticket.pk])


def _me(request: HttpRequest) -> User:
    return cast(User, request.user)
