"""The exchange rates of the organisation, in the settings."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.choices import UserRole
from accounts.forms.contracts import RateForm
from accounts.models import FxRate, Organisation, User
from accounts.querysets import reach_of
from accounts.services.rates import record_rate
from accounts.views.account_forms import form_methods
from accounts.views.form_pages import FormPage, answer_form, posted
from config.lib.clock import app_now
from config.lib.pagination import KeysetPaginator
from config.lib.toasts import say

RATES_A_PAGE = 100


def administrators_only(request: HttpRequest) -> None:
    """Refuse everybody who may not change settings.

    :raises PermissionDenied: for any other role.
    """
    if reach_of(request.user).role != UserRole.ADMINISTRATOR:
        raise PermissionDenied


@require_safe
def rate_list(request: HttpRequest) -> HttpResponse:
    """Show the rates, newest day first, with the corrections each day saw."""
    page = KeysetPaginator(FxRate.objects.all(), order="-on", size=RATES_A_PAGE).page(
        request.GET.get("cursor")
    )
    context = {
        "page": page,
        "currency": Organisation.objects.values_list("currency", flat=True).first(),
        "may_write": reach_of(request.user).role == UserRole.ADMINISTRATOR,
    }
    return render(request, "accounts/rate_list.html", context)


@form_methods
def rate_new(request: HttpRequest) -> HttpResponse:
    """Record what a currency is worth from a day on."""
    administrators_only(request)
    now = app_now()
    form = RateForm(posted(request), initial={"on": Organisation.objects.day_of(now)})
    back = reverse("accounts:rate_list")
    page = FormPage(_("New exchange rate"), _("Add rate"), _("Exchange rates"), back)

    def save(values: dict[str, Any]) -> str:
        record_rate(by=cast(User, request.user), at=now, **values)
        say(request, _("The rate counts from its day on."))
        return back

    return answer_form(request, form, page, save)
