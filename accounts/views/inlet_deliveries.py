"""What arrived at an inlet: what became of it, what was wrong, and another try."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import DeliveryState, Inlet, InletDelivery, User
from accounts.registry import importers
from accounts.services.imports.faults import stored_faults
from accounts.services.inlets.opening import document_of, replay_delivery
from accounts.views.settings.access import for_administrators
from config.lib.pagination import KeysetPaginator
from config.lib.problems import Problem
from config.lib.toasts import say

DELIVERIES_A_PAGE = 50
#: So many characters of a body are shown.
SHOWN = 20_000


@require_safe
@for_administrators
def inlet_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what arrived at an inlet, the newest first."""
    inlets = Inlet.objects.visible_to(request.user).select_related("owner")
    inlet = get_object_or_404(inlets, pk=pk)
    deliveries = InletDelivery.objects.visible_to(request.user).filter(inlet=inlet).with_run()
    page = KeysetPaginator(deliveries, order="-id", size=DELIVERIES_A_PAGE).page(
        request.GET.get("cursor")
    )
    label = importers.get(inlet.kind).label
    context = {"inlet": inlet, "page": page, "label": label}
    return render(request, "accounts/inlet_detail.html", context)


@require_safe
@for_administrators
def delivery_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one body, and by record and field what could not be taken in."""
    deliveries = InletDelivery.objects.visible_to(request.user)
    delivery = get_object_or_404(deliveries.select_related("run__job", "inlet__owner"), pk=pk)
    columns = list(importers.get(delivery.inlet.kind).columns())
    labels = {column.key: column.label for column in columns}
    context = {
        "delivery": delivery,
        "inlet": delivery.inlet,
        "result": delivery.run.job.result if delivery.run else {},
        "faults": stored_faults(delivery.run.job.result, columns) if delivery.run else [],
        "problem_field": labels.get(delivery.problem_column, delivery.problem_column),
        "body": _body(delivery),
        "may_replay": delivery.body is not None and delivery.state != DeliveryState.WAITING,
    }
    return render(request, "accounts/delivery_detail.html", context)


@require_POST
@for_administrators
def delivery_replay(request: HttpRequest, pk: int) -> HttpResponse:
    """Take in once more what was sent."""
    deliveries = InletDelivery.objects.editable_by(request.user)
    delivery = get_object_or_404(deliveries, pk=pk)
    by: User = request.user  # type: ignore[assignment]
    try:
        replay_delivery(delivery=delivery, by=by)
        say(request, _("It is taken in once more."))
    except Problem as refusal:
        say(request, str(refusal))
    return redirect("accounts:delivery_detail", pk=pk)


def _body(delivery: InletDelivery) -> str:
    if delivery.body is None:
        return ""
    return json.dumps(document_of(delivery), ensure_ascii=False, indent=2)[:SHOWN]
