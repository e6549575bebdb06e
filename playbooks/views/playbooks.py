"""The playbooks: what starts them, what they do, whom they would reach, what they did."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Account
from accounts.querysets import reach_of
from accounts.views.form_pages import FormPage, answer_form, home_of, posted, to_change
from config.lib.clock import app_now
from config.lib.pagination import KeysetPaginator
from config.lib.toasts import say
from playbooks.models import Playbook, PlaybookRun
from playbooks.selectors.overview import overview_of, playbook_lines
from playbooks.services.playbooks import switch_playbook
from playbooks.services.runs import stop_run

RUNS_A_PAGE = 50


@require_safe
def playbook_list(request: HttpRequest) -> HttpResponse:
    """Show every playbook with its condition in words and how many runs go on."""
    playbooks = Playbook.objects.visible_to(request.user).unarchived()
    rows = playbook_lines(playbooks, user=request.user)
    return render(request, "playbooks/playbook_list.html", {"rows": rows})


@require_safe
def playbook_detail(request: HttpRequest, key: str) -> HttpResponse:
    """Show a playbook: its steps by business day, its conditions, its runs."""
    playbook = get_object_or_404(Playbook.objects.visible_to(request.user).unarchived(), key=key)
    accounts = Account.objects.visible_to(request.user).active()
    runs = PlaybookRun.objects.visible_to(request.user).filter(playbook=playbook)
    page = KeysetPaginator(
        runs.select_related("account"), order="-entered_at", size=RUNS_A_PAGE
    ).page(request.GET.get("cursor"))
    context = {
        "playbook": playbook,
        "overview": overview_of(playbook, accounts, user=request.user, at=app_now()),
        "page": page,
        "stoppable": _stoppable(request, page.rows),
        "may_switch": Playbook.objects.editable_by(request.user).filter(pk=playbook.pk).exists(),
    }
    return render(request, "playbooks/playbook_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def playbook_switch(request: HttpRequest, key: str) -> HttpResponse:
    """Ask first, then switch a playbook on or off; managers and administrators may."""
    playbook = get_object_or_404(Playbook.objects.visible_to(request.user).unarchived(), key=key)
    if not Playbook.objects.editable_by(request.user).filter(pk=playbook.pk).exists():
        raise PermissionDenied
    is_on = (request.POST.get("to") or request.GET.get("to")) == "on"
    back = reverse("playbooks:playbook_detail", args=[key])
    if request.method != "POST" and playbook.is_active == is_on:
        return redirect(back)
    title = _("Switch “%(playbook)s” on") if is_on else _("Switch “%(playbook)s” off")
    submit = _("Switch on") if is_on else _("Switch off")
    note = _("It starts at what happens from now.") if is_on else _going_on(request, playbook)
    page = FormPage(title % {"playbook": playbook}, submit, _("Playbooks"), back, note=note)

    def save(values: dict[str, Any]) -> str:
        switch_playbook(playbook=playbook, is_active=is_on, at=app_now())
        done = (
            _("%(playbook)s is on. It starts at what happens from now.")
            if is_on
            else _("%(playbook)s is off. Open runs go on.")
        )
        say(request, done % {"playbook": playbook})
        return back

    return answer_form(request, forms.Form(posted(request)), page, save)


def _going_on(request: HttpRequest, playbook: Playbook) -> str:
    """Say what becomes of the open runs of a playbook that is switched off."""
    count = PlaybookRun.objects.visible_to(request.user).running().filter(playbook=playbook).count()
    if not count:
        return _("Nothing new starts. No run is open.")
    words = ngettext(
        "Nothing new starts. %(n)s open run goes on with its tasks until it ends; it can be stopped"
        " in the list of runs.",
        "Nothing new starts. %(n)s open runs go on with their tasks until they end; each can be"
        " stopped in the list of runs.",
        count,
    )
    return words % {"n": count}


@require_http_methods(["GET", "HEAD", "POST"])
def run_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask first, then stop a run; its open tasks are cancelled."""
    runs = PlaybookRun.objects.select_related("account", "playbook")
    run = to_change(runs, request, pk)
    playbook = reverse("playbooks:playbook_detail", args=[run.playbook.key])
    is_from_list = request.GET.get("to") == "playbook"
    back = playbook if is_from_list else home_of(run, request.user, otherwise=playbook)
    if run.ended_at is not None:
        say(request, _("The run had ended before; nothing was changed."))
        return redirect(back)
    page = FormPage(
        title=_("Stop “%(playbook)s”") % {"playbook": run.playbook},
        submit=_("Stop the run"),
        crumb=reach_of(request.user).told(run.account),
        back=back,
        note=_("Its open tasks are cancelled. It can't be undone."),
    )

    def save(values: dict[str, Any]) -> str:
        stop_run(run=run, at=app_now())
        say(request, _("The run is stopped, its open tasks are cancelled."))
        return page.back

    return answer_form(request, forms.Form(posted(request)), page, save)


def _stoppable(request: HttpRequest, runs: Sequence[PlaybookRun]) -> set[int]:
    """Return the ids of those runs that go on and are the reader's to stop."""
    own = PlaybookRun.objects.editable_by(request.user).running()
    return set(own.filter(pk__in=[run.pk for run in runs]).values_list("pk", flat=True))
