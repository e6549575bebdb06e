"""Log a touchpoint: a dialog on the desktop, a sheet on a phone, a page without scripts."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from accounts.choices import RecordKind
from accounts.forms import TouchpointForm
from accounts.models import Account, User
from accounts.services.touchpoints import record_touchpoint
from config.lib.clock import app_now
from config.lib.row_ids import is_row_id
from config.lib.toasts import say

CHOICES_SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
def touchpoint_new(request: HttpRequest) -> HttpResponse:
    """Show the form for an account, or a search for the account first; store what was typed."""
    number = request.POST.get("account") or request.GET.get("account") or ""
    if not is_row_id(number):
        return _choose_account(request)
    account = get_object_or_404(
        Account.objects.open_for(request.user, RecordKind.TOUCHPOINT).unarchived(),
        pk=int(number),
    )
    now = app_now()
    form = TouchpointForm(request.POST or None, user=request.user, account=account, now=now)
    if form.is_valid():
        user = cast(User, request.user)
        record_touchpoint(**_touchpoint(form), users=[user], by=user, at=now)
        say(request, _("The talk is in the history."))
        return _leave(request, account)
    return render(request, _template(request), {"form": form, "account": account})


def _touchpoint(form: TouchpointForm) -> dict[str, Any]:
    values = dict(form.cleaned_data)
    return {"accounts": [values.pop("account")], **values}


def _choose_account(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "")
    accounts = Account.objects.open_for(request.user, RecordKind.TOUCHPOINT).active()
    found = accounts.search(text).order_by("name_kana", "pk")[:CHOICES_SHOWN]
    context = {"accounts": found, "q": text}
    return render(request, _template(request, "accounts/touchpoint_account.html"), context)


def _template(request: HttpRequest, page: str = "accounts/touchpoint_form.html") -> str:
    return page.replace(".html", "_dialog.html") if request.htmx else page  # type: ignore[attr-defined]


def _leave(request: HttpRequest, account: Account) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(reverse("accounts:detail", args=[account.pk]))
    return redirect("accounts:detail", pk=account.pk)
