"""Inlets in the settings: made, shown once, changed, rotated, revoked; for administrators."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms.inlets import InletEditForm, NewInletForm, initial_of
from accounts.models import Inlet, User
from accounts.registry import importers
from accounts.services.inlets.addresses import (
    Opened,
    change_inlet,
    create_inlet,
    revoke_inlet,
    rotate_inlet,
)
from accounts.views.editing import editing
from accounts.views.form_pages import (
    FormPage,
    answer_form,
    history_of,
    note_refusal,
    posted,
    to_change,
)
from accounts.views.once import Made, carry_name, do_once, done_before
from accounts.views.settings.access import for_administrators
from config.lib.clock import app_now
from config.lib.pagination import KeysetPaginator
from config.lib.problems import Problem
from config.lib.recent_sign_in import recent_sign_in_required
from config.lib.toasts import say

INLETS_A_PAGE = 50


@require_safe
@for_administrators
def inlet_list(request: HttpRequest) -> HttpResponse:
    """Show the inlets that take something, and those that no longer do."""
    inlets = Inlet.objects.visible_to(request.user).select_related("owner")
    page = KeysetPaginator(inlets, order="-created_at", size=INLETS_A_PAGE).page(
        request.GET.get("cursor")
    )
    labels = {key: importer.label for key, importer in importers.items()}
    rows = [(inlet, labels.get(inlet.kind, inlet.kind)) for inlet in page.rows]
    return render(request, "accounts/inlet_list.html", {"page": page, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
@recent_sign_in_required
def inlet_new(request: HttpRequest) -> HttpResponse:
    """Make an inlet and show its address and secret, this once."""
    form = NewInletForm(posted(request), initial={"owner": request.user.pk})
    made: Opened | None = None

    def save() -> str:
        nonlocal made
        made = create_inlet(by=cast(User, request.user), **form.cleaned_data)
        return Made(reverse("accounts:inlet_rotate", args=[made.inlet.pk]), made.inlet)

    # The secret is not kept: who sent the form twice and saw the second answer makes a new one.
    target = done_before(request)
    if not target and request.method == "POST" and form.is_valid():
        try:
            target = do_once(request, save)
        except (Problem, ValidationError) as refusal:
            note_refusal(form, refusal)
    if target and not made:
        return redirect(target)
    carry_name(form)
    return _shown_once(request, form, made)


@for_administrators
@recent_sign_in_required
@editing(Inlet)
def inlet_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what an inlet takes and where the fields stand; its address stays."""
    inlet = to_change(Inlet.objects.all(), request, pk)
    form = InletEditForm(posted(request), initial=initial_of(inlet), inlet=inlet)
    page = FormPage(
        title=str(inlet),
        submit=_("Save"),
        crumb=_("Inlets"),
        back=reverse("accounts:inlet_detail", args=[pk]),
        note=_(
            "A path names members, parted by points: properties.company.name, or 0.id for the"
            " first of a list. $. before it begins at the body instead of the record. With = before"
            " it, a text stands in new records that say nothing, such as =JPY."
        ),
        history=history_of(inlet),
    )

    def save(values: dict[str, Any]) -> str:
        change_inlet(inlet=inlet, changes=form.values(), by=cast(User, request.user))
        say(request, _("The inlet is saved."))
        return page.back

    return answer_form(request, form, page, save)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
@recent_sign_in_required
def inlet_rotate(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an inlet another address and secret and show them, this once."""
    inlet = to_change(Inlet.objects.all(), request, pk)
    form = forms.Form(posted(request))
    made = None
    if request.method == "POST":
        try:
            made = rotate_inlet(inlet=inlet, by=cast(User, request.user))
        except Problem as refusal:
            note_refusal(form, refusal)
    return _shown_once(request, form, made, rotated=inlet)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def inlet_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask first, then take nothing at the address any more."""
    inlet = to_change(Inlet.objects.all(), request, pk)
    page = FormPage(
        title=_("Revoke “%(name)s”") % {"name": inlet},
        submit=_("Revoke"),
        crumb=_("Inlets"),
        back=reverse("accounts:inlet_list"),
        note=_(
            "There is nothing at this address from now on. It can't be undone; what arrived so far"
            " stays."
        ),
    )

    def save(values: dict[str, Any]) -> str:
        revoke_inlet(inlet=inlet, at=app_now(), by=cast(User, request.user))
        say(request, _("The inlet is revoked."))
        return page.back

    return answer_form(request, forms.Form(posted(request)), page, save)


def _shown_once(
    request: HttpRequest, form: Any, made: Opened | None, rotated: Inlet | None = None
) -> HttpResponse:
    address = made and request.build_absolute_uri(reverse("accounts:inlet_door", args=[made.key]))
    context = {"form": form, "made": made, "rotated": rotated, "address": address}
    return render(request, "accounts/inlet_new.html", context)
