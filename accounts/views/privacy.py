"""One person's data: found, taken out, erased; for administrators and privacy officers."""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.forms.privacy import ErasureForm, PersonSearchForm, RetentionForm
from accounts.models import Contact, Erasure, RetentionRule, User
from accounts.querysets import may_answer_for_privacy
from accounts.services.exports.runs import request_bundle
from accounts.services.privacy.bundle import what_is_known
from accounts.services.privacy.erasure import request_erasure
from accounts.services.privacy.people import NobodyKnown, person_by_address, person_of
from accounts.services.privacy.retention import kept_for, set_retention
from accounts.views.editing import carry_marks, edit_of, editing, may_save
from config.lib.clock import app_now
from config.lib.pagination import KeysetPaginator
from config.lib.recent_sign_in import recent_sign_in_required
from config.lib.toasts import say

ERASURES_A_PAGE = 20
View = Callable[..., HttpResponse]


def for_privacy(view: View) -> View:
    """Open a view only to who answers for privacy; for others a person is not there."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_answer_for_privacy(request.user):
            raise Http404 if kwargs else PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@for_privacy
def privacy(request: HttpRequest) -> HttpResponse:
    """Find a person by mail address; below, what was erased so far."""
    form = PersonSearchForm(request.GET or None) if "email" in request.GET else PersonSearchForm()
    if form.is_bound and form.is_valid():
        try:
            person = person_by_address(form.cleaned_data["email"])
            return redirect("accounts:privacy_person", pk=person.contacts[0])
        except NobodyKnown as nobody:
            form.add_error("email", str(nobody))
    erasures = Erasure.objects.visible_to(request.user).select_related("requested_by", "job")
    page = KeysetPaginator(erasures, order="-id", size=ERASURES_A_PAGE).page(
        request.GET.get("cursor")
    )
    return render(request, "accounts/privacy.html", {"form": form, "page": page})


@require_safe
@for_privacy
def privacy_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is known about the person behind a contact, in every app, and what can be done."""
    return _person_page(request, _contact(request, pk), ErasureForm())


@require_POST
@for_privacy
@recent_sign_in_required
def privacy_export(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue the bundle of everything about the person."""
    export = request_bundle(
        contact=_contact(request, pk),
        language=_language(),
        at=app_now(),
        by=cast(User, request.user),
    )
    return redirect("accounts:export_detail", pk=export.pk)


@require_POST
@for_privacy
@recent_sign_in_required
def privacy_erase(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue the erasure of the person, once it was confirmed."""
    contact = _contact(request, pk)
    form = ErasureForm(request.POST)
    if not form.is_valid():
        return _person_page(request, contact, form)
    request_erasure(
        person=person_of(contact),
        at=app_now(),
        by=cast(User, request.user),
        reference=form.cleaned_data["reference"],
        language=_language(),
    )
    say(request, _("The erasure has begun. It takes a few minutes."))
    return redirect("accounts:privacy")


@for_privacy
@editing(RetentionRule, row=lambda: None)
def retention(request: HttpRequest) -> HttpResponse:
    """Show for how long each kind of data is kept and what would go now; change it."""
    kept, at = kept_for(), app_now()
    form = RetentionForm(request.POST or None, kept=kept)
    edit = edit_of(request, form)
    if request.method == "POST" and may_save(request, form, edit):
        if edit and edit.is_unchanged:
            say(request, _("Nothing was changed."))
            return redirect("accounts:retention")
        set_retention(days=form.cleaned_data, by=cast(User, request.user))
        say(request, _("The periods are set. What is older goes within a day."))
        return redirect("accounts:retention")
    carry_marks(request, form, edit)
    rows = [
        (
            None if one.retention.is_promised else form[one.retention.key],
            one,
            None if one.days is None else one.retention.count(at - dt.timedelta(days=one.days)),
        )
        for one in kept
    ]
    return render(request, "accounts/retention.html", {"form": form, "rows": rows})


def _person_page(request: HttpRequest, contact: Contact, form: ErasureForm) -> HttpResponse:
    person = person_of(contact)
    contacts = Contact.objects.filter(pk__in=person.contacts).select_related("account")
    context = {
        "contact": contact,
        "contacts": contacts.order_by("pk"),
        "known": what_is_known(person),
        "form": form,
    }
    return render(request, "accounts/privacy_person.html", context)


def _contact(request: HttpRequest, pk: int) -> Contact:
    contacts = Contact.objects.visible_to(request.user)
    return get_object_or_404(contacts, pk=pk)  # type: ignore[no-any-return]


def _language() -> str:
    return (get_language() or "en")[:2]
