"""Making sure of the domains of an account, on its page."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import AccountDomain, User
from accounts.services.accounts import update_account
from accounts.views.account_forms import account_to_change
from config.lib.clock import app_now
from config.lib.toasts import say


@require_POST
def domain_verify(request: HttpRequest, pk: int, domain: int) -> HttpResponse:
    """Say that a domain is really the customer's, or with `undo` that nobody made sure."""
    account = account_to_change(request, pk)
    row = get_object_or_404(AccountDomain, pk=domain, account=account)
    verified = set(account.domains.filter(is_verified=True).values_list("domain", flat=True))
    is_undone = bool(request.GET.get("undo"))
    verified = verified - {row.domain} if is_undone else verified | {row.domain}
    changes = {"verified_domains": sorted(verified)}
    update_account(account=account, changes=changes, at=app_now(), by=cast(User, request.user))
    if not is_undone:
        undo = reverse("accounts:domain_verify", args=[pk, domain]) + "?undo=1"
        say(request, _("%(domain)s is verified.") % {"domain": row.domain}, undo=undo)
    return redirect("accounts:detail", pk=pk)
