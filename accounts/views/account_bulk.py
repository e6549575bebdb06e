"""Changes to the accounts picked in the list, and their undo."""

from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.choices import RecordKind, Scope
from accounts.forms.bulk import BulkForm, picked
from accounts.models import Account, User
from accounts.querysets import by_account, reach_of
from accounts.selectors.account_list import AccountOptions
from accounts.services.account_bulk import change_accounts, take_back
from config.lib.clock import app_now
from config.lib.toasts import say

KEPT = "bulk_undo"


@require_POST
def account_bulk(request: HttpRequest) -> HttpResponse:
    """Carry out one change on the picked accounts; say which of them could not be changed."""
    if reach_of(request.user).scope(RecordKind.ACCOUNT, write=True) == Scope.NONE:
        raise Http404
    back = _back(request)
    accounts = picked(request.POST.getlist("account"))
    form = BulkForm(request.POST, options=AccountOptions(request.user))
    if not accounts or not form.is_valid():
        say(request, _("Pick accounts and a change first. Nothing was changed."))
        return redirect(back)
    field, value = form.asked()
    by = cast(User, request.user)
    outcome = change_accounts(accounts=accounts, field=field, value=value, by=by, at=app_now())
    request.session[KEPT] = {"field": field, "value": value, "before": outcome.before}
    undo = reverse("accounts:bulk_undo") if outcome.before else ""
    number = len(outcome.changed)
    text = ngettext("%(n)s account changed", "%(n)s accounts changed", number) % {"n": number}
    say(request, text, undo=undo)
    if not outcome.refused:
        return redirect(back)
    refused = Account.objects.visible_to(request.user).filter(pk__in=outcome.refused)
    context = {"outcome": outcome, "refused": refused.order_by(*by_account()), "back": back}
    return render(request, "accounts/account_bulk.html", context)


@require_POST
def account_bulk_undo(request: HttpRequest) -> HttpResponse:
    """Take back the last change to picked accounts, once."""
    kept: Any = request.session.pop(KEPT, None)
    if not kept or reach_of(request.user).scope(RecordKind.ACCOUNT, write=True) == Scope.NONE:
        raise Http404
    number = take_back(**kept, by=cast(User, request.user), at=app_now())
    text = ngettext("%(n)s account changed back", "%(n)s accounts changed back", number)
    say(request, text % {"n": number})
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    asked = request.POST.get("back") or request.headers.get("Referer", "")
    hosts = {request.get_host()}
    if asked and url_has_allowed_host_and_scheme(asked, hosts, require_https=request.is_secure()):
        return asked
    return reverse("accounts:list")
