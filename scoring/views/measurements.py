"""Readings that people type in, and the way to take one back."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.choices import RecordKind, Scope
from accounts.models import Account, User
from accounts.querysets import reach_of
from accounts.views.account_forms import form_methods
from accounts.views.form_pages import FormPage, answer_form, go_home, posted, to_change
from accounts.views.once import Made
from config.lib.clock import app_now
from config.lib.row_ids import is_row_id
from config.lib.toasts import say
from scoring.forms.measurements import MeasurementForm
from scoring.models import Measurement
from scoring.services.measurements import record_measurement, retract_measurement

KEY = "measurements"


@form_methods
def measurement_new(request: HttpRequest) -> HttpResponse:
    """Note a number measured at an account, the one the address names or another."""
    if reach_of(request.user).scope(RecordKind.HEALTH, write=True) == Scope.NONE:
        raise PermissionDenied
    accounts = Account.objects.open_for(request.user, RecordKind.HEALTH).unarchived()
    asked, now = request.GET.get("account", ""), app_now()
    account = None
    if is_row_id(asked):
        unarchived = Account.objects.unarchived()
        account = to_change(unarchived, request, int(asked), kind=RecordKind.HEALTH)
    back = reverse("accounts:record_list", kwargs={"key": KEY})
    if account is not None:
        back = reverse("accounts:detail", args=[account.pk])
    form = MeasurementForm(
        posted(request), accounts=accounts, initial={"account": account, "measured_at": now}
    )
    page = FormPage(_("New measurement"), _("Add measurement"), account or _("Measurements"), back)

    def save(values: dict[str, Any]) -> str:
        row = record_measurement(by=cast(User, request.user), at=now, **values)
        undo = reverse("scoring:measurement_retract", args=[row.pk])
        say(request, _("The measurement was added. The score follows within seconds."), undo=undo)
        return Made(back, row)

    return answer_form(request, form, page, save)


@require_POST
def measurement_retract(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a reading back."""
    rows = Measurement.objects.standing().filter(account__archived_at=None)
    row = to_change(rows.select_related("account"), request, pk)
    retract_measurement(measurement=row, by=cast(User, request.user), at=app_now())
    say(request, _("The measurement was taken back."))
    return go_home(request, row, list_key=KEY)
