"""Write keys in the settings: made, shown once, changed, rotated, revoked; for administrators."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
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
from scoring.forms.sources import WriteKeyForm
from scoring.models import WriteKey
from scoring.services.write_keys import (
    create_write_key,
    revoke_write_key,
    rotate_write_key,
    update_write_key,
)

KEYS_A_PAGE = 50


@require_safe
@for_administrators
def write_key_list(request: HttpRequest) -> HttpResponse:
    """Show the keys that still open something, and those that no longer do."""
    keys = WriteKey.objects.editable_by(request.user).select_related("owner", "team")
    page = KeysetPaginator(keys, order="-created_at", size=KEYS_A_PAGE).page(
        request.GET.get("cursor")
    )
    return render(request, "scoring/write_key_list.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
@recent_sign_in_required
def write_key_new(request: HttpRequest) -> HttpResponse:
    """Make a key and show it, this once."""
    form = WriteKeyForm(posted(request), initial={"owner": request.user.pk})
    made: tuple[WriteKey, str] | None = None

    def save() -> str:
        nonlocal made
        made = create_write_key(by=cast(User, request.user), **form.cleaned_data)
        return Made(reverse("scoring:write_key_rotate", args=[made[0].pk]), made[0])

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
    context = {"form": form, "made": made, "address": request.build_absolute_uri("/v1/batch")}
    return render(request, "scoring/write_key_new.html", context)


@for_administrators
@recent_sign_in_required
@editing(WriteKey)
def write_key_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a key may do; its secret stays."""
    key = to_change(WriteKey.objects.all(), request, pk)
    back = reverse("scoring:write_keys")
    page = FormPage(str(key), _("Save"), _("Write keys"), back, history=history_of(key))

    def save(values: dict[str, Any]) -> str:
        update_write_key(write_key=key, changes=values, by=cast(User, request.user))
        say(request, _("The write key is saved."))
        return back

    names = ("name", "owner", "creates_accounts", "team", "allowed_traits")
    initial = {name: getattr(key, name) for name in names}
    return answer_form(request, WriteKeyForm(posted(request), initial=initial), page, save)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
@recent_sign_in_required
def write_key_rotate(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a key another secret and show it, this once."""
    key = to_change(WriteKey.objects.all(), request, pk)
    form = forms.Form(posted(request))
    made = None
    if request.method == "POST":
        try:
            made = key, rotate_write_key(write_key=key, by=cast(User, request.user))
        except Problem as refusal:
            note_refusal(form, refusal)
    context = {
        "form": form,
        "made": made,
        "rotated": key,
        "address": request.build_absolute_uri("/v1/batch"),
    }
    return render(request, "scoring/write_key_new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def write_key_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask first, then take a key back; what uses it is refused from now on."""
    key = to_change(WriteKey.objects.all(), request, pk)
    page = FormPage(
        title=_("Revoke “%(name)s”") % {"name": key},
        submit=_("Revoke"),
        crumb=_("Write keys"),
        back=reverse("scoring:write_keys"),
        note=_(
            "Events sent with this key are refused from now on. It can't be undone; what arrived "
            "so far stays."
        ),
    )

    def save(values: dict[str, Any]) -> str:
        revoke_write_key(write_key=key, at=app_now(), by=cast(User, request.user))
        say(request, _("The write key is revoked."))
        return page.back

    return answer_form(request, forms.Form(posted(request)), page, save)
