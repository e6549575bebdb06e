"""Log a touchpoint: a dialog on the desktop, a sheet on a phone, a page without scripts."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.choices import RecordKind
from accounts.forms.touchpoints import FILL, PICKERS, TouchpointForm
from accounts.models import Account, Touchpoint, User
from accounts.querysets import by_account, reach_of
from accounts.selectors.talks import same_talk
from accounts.services.holds import hold_talk
from accounts.services.touchpoints import record_touchpoint, update_touchpoint
from accounts.views.editing import carry_marks, edit_of, editing, may_save
from accounts.views.form_pages import go_on, note_refusal, posted, to_change
from accounts.views.once import Made, carry_name, do_once, done_before
from config.lib.clock import app_now
from config.lib.edits import Edit
from config.lib.problems import Problem
from config.lib.row_ids import is_row_id
from config.lib.toasts import say

CHOICES_SHOWN = 20
PAGE = "accounts/touchpoint_form.html"


@require_http_methods(["GET", "HEAD", "POST"])
def touchpoint_new(request: HttpRequest) -> HttpResponse:
    """Show the form for one or several accounts, or a search for the account first; store it."""
    accounts = _accounts(request)
    if not accounts:
        return _choose_account(request)
    form = _form(request, accounts, None)
    if part := _part(request):
        return _picks(request, form, part)
    if target := done_before(request):
        return go_on(request, target)
    if _is_saving(request) and form.is_valid():
        return _record(request, form)
    carry_name(form)
    return _show(request, form)


@editing(Touchpoint, hold=hold_talk)
def touchpoint_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a talk; go on with a draft, or publish it."""
    rows = Touchpoint.objects.filter(retracted_at__isnull=True).readable_to(request.user)
    touchpoint = to_change(rows.select_related("account"), request, pk)
    form = _form(request, [touchpoint.account], touchpoint)
    if part := _part(request):
        return _picks(request, form, part)
    edit = edit_of(request, form)
    if not _is_saving(request):
        carry_marks(request, form, edit, anew=not form.is_bound)
    elif may_save(request, form, edit):
        return _update(request, form, touchpoint, edit)
    else:
        carry_marks(request, form, edit)
    return _show(request, form)


def _form(
    request: HttpRequest, accounts: list[Account], touchpoint: Touchpoint | None
) -> TouchpointForm:
    return TouchpointForm(
        posted(request),
        user=request.user,
        accounts=accounts,
        now=app_now(),
        touchpoint=touchpoint,
        is_draft=request.POST.get("do") == "draft",
    )


def _record(request: HttpRequest, form: TouchpointForm) -> HttpResponse:
    values = form.touchpoint_values()
    accounts = list(form.cleaned_data["accounts"])
    user = cast(User, request.user)

    def save() -> str:
        rows = record_touchpoint(
            accounts=accounts, by=user, at=form.now, is_draft=form.is_draft, **values
        )
        if form.is_draft:
            say(request, _("The draft is saved. Only you see it."))
            return Made(reverse("accounts:touchpoint_detail", args=[rows[0].pk]), *rows)
        form.save_follow_ups()
        say(request, _("The talk is in the history."))
        return Made(reverse("accounts:detail", args=[accounts[0].pk]), *rows)

    try:
        return go_on(request, do_once(request, save))
    except Problem as refusal:
        note_refusal(form, refusal)
    carry_name(form)
    return _show(request, form)


def _update(
    request: HttpRequest, form: TouchpointForm, touchpoint: Touchpoint, edit: Edit | None
) -> HttpResponse:
    here = reverse("accounts:touchpoint_detail", args=[touchpoint.pk])
    was_draft = touchpoint.is_draft
    is_published = was_draft and not form.is_draft
    if edit and edit.is_unchanged and not is_published:
        say(request, _("Nothing was changed."))
        return go_on(request, here)
    changes = form.changes() | ({"is_draft": False} if is_published else {})
    user = cast(User, request.user)
    others = same_talk(touchpoint, user=user) if request.POST.get("for_all") else ()
    try:
        update_touchpoint(
            touchpoint=touchpoint, changes=changes, by=user, at=form.now, others=others
        )
    except Problem as refusal:
        note_refusal(form, refusal)
        carry_marks(request, form, edit)
        return _show(request, form)
    if is_published:
        form.save_follow_ups()
        say(request, _("The talk is in the history."))
    else:
        say(request, _("The draft is saved. Only you see it.") if was_draft else _("Saved."))
    return go_on(request, here)


def _accounts(request: HttpRequest) -> list[Account]:
    """Return the accounts named; one the user may not write talks for does not exist."""
    given = request.POST if request.method == "POST" else request.GET
    numbers = given.getlist("accounts") or [given.get("account") or request.GET.get("account", "")]
    ids = list(dict.fromkeys(int(number) for number in numbers if is_row_id(number)))
    accounts = Account.objects.unarchived()
    found = accounts.open_for(request.user, RecordKind.TOUCHPOINT).in_bulk(ids)
    for pk in ids:
        if pk not in found:
            to_change(accounts, request, pk, kind=RecordKind.TOUCHPOINT)
    return [found[pk] for pk in ids]


def _is_saving(request: HttpRequest) -> bool:
    return request.method == "POST" and request.POST.get("do", "log") in {"log", "draft"}


def _part(request: HttpRequest) -> str:
    part = request.GET.get("part", "")
    return part if part in PICKERS else ""


def _picks(request: HttpRequest, form: TouchpointForm, part: str) -> HttpResponse:
    return render(request, "accounts/touchpoint_picks.html", {"field": form[part]})


def _show(request: HttpRequest, form: TouchpointForm) -> HttpResponse:
    if request.POST.get("do") in {"find", FILL}:
        form.errors.clear()
    account = reach_of(request.user).told(form.chosen[0])
    talk = form.touchpoint
    others = same_talk(talk, user=request.user).count() if talk else 0
    context = {
        "form": form,
        "account": account,
        "touchpoint": talk,
        "at_all": others + 1 if others else 0,
        "is_for_all": request.POST.get("for_all") if form.is_bound else talk and talk.is_draft,
    }
    return render(request, _template(request, PAGE), context)


def _choose_account(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "")
    accounts = Account.objects.open_for(request.user, RecordKind.TOUCHPOINT).active()
    found = accounts.search(text).order_by(*by_account())[:CHOICES_SHOWN]
    context: dict[str, Any] = {"accounts": found, "q": text}
    return render(request, _template(request, "accounts/touchpoint_account.html"), context)


def _template(request: HttpRequest, page: str) -> str:
    return page.replace(".html", "_dialog.html") if request.htmx else page  # type: ignore[attr-defined]
