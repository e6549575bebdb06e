"""From draft to published: what would change, for whom, and who says yes."""

from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.views.form_pages import note_refusal
from config.lib.problems import Problem
from config.lib.toasts import say
from scoring.choices import ScorecardState
from scoring.forms.scorecards import PublishForm, RejectForm, SubmitForm
from scoring.models import ScorecardVersion
from scoring.selectors.definition_diff import differences
from scoring.selectors.definition_words import card_words
from scoring.selectors.scorecards import read_definition
from scoring.services.scorecard_versions import (
    needs_somebody_else,
    publish_version,
    reject_version,
    submit_for_review,
)
from scoring.views.scorecard_access import Desk, at_day, open_desk
from scoring.views.scorecard_drafts import ask_what_if, trial_of
from scoring.views.scorecard_thresholds import threshold_context


@require_safe
def scorecard_review(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the open version changes, what it would do to the book, and what to do next."""
    desk = open_desk(request, pk)
    if desk.standing.open is None:
        return redirect("scoring:scorecard_detail", pk=pk)
    return _answer(request, desk, desk.standing.open)


@require_POST
def version_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask that the draft be read by somebody else."""
    desk, version = _open(request, pk)
    if version is None:
        return redirect("scoring:scorecard_detail", pk=pk)
    form = SubmitForm(request.POST)

    def act(values: dict[str, Any]) -> str:
        user = cast(User, request.user)
        submit_for_review(
            version=version, user=user, at=desk.now, note=values["note"], read=_read(request)
        )
        return _("The version is in review; it affects nobody until it is published.")

    return _settle(request, desk, version, form, act, submit=form)


@require_POST
def version_reject(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the version back to its author, with the reason."""
    desk, version = _open(request, pk)
    if version is None:
        return redirect("scoring:scorecard_detail", pk=pk)
    form = RejectForm(request.POST)

    def act(values: dict[str, Any]) -> str:
        reject_version(
            version=version,
            user=cast(User, request.user),
            at=desk.now,
            reason=values["reason"],
        )
        return _("The version is a draft again; its author reads why.")

    return _settle(request, desk, version, form, act, reject=form)


@require_POST
def version_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the version act, from a day on, for everybody or a pilot segment."""
    desk, version = _open(request, pk)
    if version is None:
        return redirect("scoring:scorecard_detail", pk=pk)
    form = PublishForm(request.POST, today=desk.today)

    def act(values: dict[str, Any]) -> str:
        publish_version(
            version=version,
            effective_on=values["on"],
            at=desk.now,
            user=cast(User, request.user),
            pilot_segment=values["segment"],
            read=_read(request),
        )
        return _("Published. Every account is being computed anew.")

    return _settle(request, desk, version, form, act, publish=form)


@require_POST
def version_try(request: HttpRequest, pk: int) -> HttpResponse:
    """Try the open version on the whole book."""
    desk, version = _open(request, pk)
    if version is None:
        return redirect("scoring:scorecard_detail", pk=pk)
    ask_what_if(request, desk, version)
    return redirect("scoring:scorecard_review", pk=pk)


def _open(request: HttpRequest, pk: int) -> tuple[Desk, ScorecardVersion | None]:
    desk = open_desk(request, pk, write=True)
    return desk, desk.standing.open


def _read(request: HttpRequest) -> str | None:
    """Return the digest of the wording on the page whose button was pressed."""
    return request.POST.get("digest")


def _settle(
    request: HttpRequest,
    desk: Desk,
    version: ScorecardVersion,
    form: Any,
    act: Callable[[dict[str, Any]], str],
    **forms: Any,
) -> HttpResponse:
    """Do what the form asks for, or show it again with what stands in the way."""
    if form.is_valid():
        try:
            told = act(form.cleaned_data)
        except Problem as refusal:
            note_refusal(form, at_day(refusal))
        else:
            say(request, told)
            is_out = version.state == ScorecardState.PUBLISHED
            to = "scoring:scorecard_detail" if is_out else "scoring:scorecard_review"
            return redirect(to, pk=desk.card.pk)
    return _answer(request, desk, version, **forms)


def _answer(
    request: HttpRequest, desk: Desk, version: ScorecardVersion, **forms: Any
) -> HttpResponse:
    acting = desk.standing.acting
    definition = read_definition(version)
    context = {
        "desk": desk,
        "card": desk.card,
        "version": version,
        "acting": acting,
        "lines": differences(read_definition(acting), definition) if acting else None,
        "said": None if acting else card_words(definition),
        "submit": SubmitForm(initial={"note": version.note}),
        "reject": RejectForm(),
        "publish": PublishForm(today=desk.today),
        "is_own": desk.may_write and needs_somebody_else(version, cast(User, request.user)),
        "today": desk.today,
        "may_stop": desk.may_write,
        **trial_of(request, version),
        **threshold_context(request, desk, version),
        **forms,
    }
    return render(request, "scoring/scorecard_review.html", context)
