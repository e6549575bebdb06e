"""Making sure of the domains of an account, on its page."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import AccountDomain, User
from accounts.services.accounts import verify_domain
from accounts.views.account_forms import account_to_change
from config.lib.clock import app_now
from config.lib.toasts import say


@require_POST
def domain_verify(request: HttpRequest, pk: int, domain: int) -> HttpResponse:
    """Say that a domain is really the customer's, or with `undo` that nobody made sure."""
    account = account_to_change(request, pk)
    row = get_object_or_404(AccountDomain, pk=domain, account=account)
    is_undone, by = bool(request.GET.get("undo")), cast(User, request.user)
    verify_domain(account=account, domain=row.domain, is_real=not is_undone, at=app_now(), by=by)
    if not is_undone:
        undo = reverse("accounts:domain_verify", args=[pk, domain]) + "?undo=1"
        say(request, _("%(domain)s is verified.") % {"domain": row.domain}, undo=undo)
    return redirect("accounts:detail", pk=pk)
