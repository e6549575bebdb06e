"""The way an account has come: statuses, phases, tiers and touch models with their days."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.models import Account, Organisation
from accounts.selectors.lifecycle import care_history, phase_age, phase_history, status_history
from config.lib.clock import app_now


@require_safe
def account_lifecycle(request: HttpRequest, pk: int) -> HttpResponse:
    """Show since when the account has stood where it stands, and where it was before."""
    now = app_now()
    accounts = Account.objects.visible_to(request.user).with_fields("phase_since_on", at=now)
    account = get_object_or_404(accounts, pk=pk)
    today = Organisation.objects.day_of(now)
    context = {
        "account": account,
        "statuses": status_history(account, today=today),
        "phases": phase_history(account, today=today),
        "care": care_history(account, today=today),
        "age": phase_age(account, today=today),
        "editable": Account.objects.editable_by(request.user)
        .filter(pk=pk, archived_at=None)
        .exists(),
    }
    return render(request, "accounts/account_lifecycle.html", context)
