"""Making and changing an account by hand: its record, its status and phase, its end and return."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms.accounts import AccountForm, NewAccountForm, PhaseForm, StatusForm
from accounts.forms.pickers import account_word
from accounts.models import Account, Organisation, User
from accounts.querysets import by_account, reach_of
from accounts.services.accounts import (
    archive_account,
    change_phase,
    change_status,
    create_account,
    restore_account,
    update_account,
)
from accounts.views.editing import editing
from accounts.views.form_pages import FormPage, answer_form, posted, to_change
from accounts.views.once import Made
from config.lib.clock import app_now
from config.lib.toasts import say

form_methods = require_http_methods(["GET", "HEAD", "POST"])
SUGGESTIONS = 10


def account_to_change(request: HttpRequest, pk: int, *, archived: bool = False) -> Account:
    """Return an account the user may change; one that is archived only where it is asked for."""
    accounts = Account.objects.filter(archived_at__isnull=not archived)
    account: Account = to_change(accounts, request, pk)
    return account


def proposed(request: HttpRequest, *names: str) -> dict[str, str]:
    """Return what the address proposes for fields of a form that is only opened."""
    return {name: request.GET[name] for name in names if name in request.GET}


def account_page(account: Account, title: str, submit: str, **more: Any) -> FormPage:
    """Return what stands around a form about an account."""
    back = reverse("accounts:detail", args=[account.pk])
    return FormPage(title, submit, str(account), back, **more)


@form_methods
def account_new(request: HttpRequest) -> HttpResponse:
    """Make an account; whoever makes one adds its contract and people next."""
    if not reach_of(request.user).adds_accounts:
        raise PermissionDenied
    now = app_now()
    form = NewAccountForm(
        posted(request), user=request.user, today=Organisation.objects.day_of(now)
    )
    page = FormPage(_("New account"), _("Add account"), _("Accounts"), reverse("accounts:list"))

    def save(values: dict[str, Any]) -> str:
        fields = {name: value for name, value in values.items() if value not in (None, "")}
        account = create_account(by=cast(User, request.user), at=now, **fields)
        say(request, _("The account was added."))
        return Made(reverse("accounts:detail", args=[account.pk]), account)

    return answer_form(request, form, page, save)


@editing(Account)
def account_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the record of an account."""
    account = account_to_change(request, pk)
    now = app_now()
    page = account_page(account, _("Edit account"), _("Save"))
    form = AccountForm(
        posted(request),
        instance=account,
        user=request.user,
        today=Organisation.objects.day_of(now),
    )

    def save(values: dict[str, Any]) -> str:
        update_account(
            account=account,
            changes=form.changes(),
            on=values["on"],
            by=cast(User, request.user),
            at=now,
        )
        say(request, _("The account was saved."))
        return page.back

    return answer_form(request, form, page, save)


@editing(Account)
def account_status(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the status from a day on; a customer who churns did so for a reason."""
    account = account_to_change(request, pk)
    now = app_now()
    today = Organisation.objects.day_of(now)
    initial: dict[str, Any] = {
        "status": account.status,
        "on": today,
        "reason": account.churn_reason,
    }
    form = StatusForm(posted(request), initial=initial | proposed(request, "status", "on"))
    page = account_page(account, _("Change status"), _("Change"))

    def save(values: dict[str, Any]) -> str:
        change_status(account=account, by=cast(User, request.user), at=now, **values)
        say(request, _("The status was changed."))
        return page.back

    return answer_form(request, form, page, save, standing={"status": account.status})


@editing(Account)
def account_phase(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the phase from a day on."""
    account = account_to_change(request, pk)
    now = app_now()
    initial = {"phase": account.phase, "on": Organisation.objects.day_of(now)}
    form = PhaseForm(posted(request), initial=initial)
    page = account_page(account, _("Change phase"), _("Change"))

    def save(values: dict[str, Any]) -> str:
        change_phase(account=account, by=cast(User, request.user), at=now, **values)
        say(request, _("The phase was changed."))
        return page.back

    return answer_form(request, form, page, save)


@require_POST
def account_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an account out of every list; the toast brings it back."""
    account = account_to_change(request, pk)
    archive_account(account=account, by=cast(User, request.user), at=app_now())
    say(request, _("The account was archived."), undo=reverse("accounts:restore", args=[pk]))
    return redirect("accounts:list")


@require_POST
def account_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring an archived account back."""
    account = account_to_change(request, pk, archived=True)
    restore_account(account=account, by=cast(User, request.user), at=app_now())
    say(request, _("The account is back."))
    return redirect("accounts:detail", pk=pk)


@require_safe
def account_suggest(request: HttpRequest) -> HttpResponse:
    """Suggest accounts for what is being typed into any field that takes one."""
    text = str(next(iter(request.GET.values()), ""))
    accounts = Account.objects.visible_to(request.user).unarchived().search(text)
    found = accounts.order_by(*by_account())[:SUGGESTIONS] if text.strip() else []
    context = {"options": [(account_word(account), account.external_id or "") for account in found]}
    return render(request, "accounts/account_options.html", context)
