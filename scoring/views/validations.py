"""What-if, back-test and linkage: ask for one, watch it, read its report."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Organisation, User
from accounts.querysets import steers
from accounts.views.form_pages import note_refusal, posted
from config.lib.clock import app_now
from config.lib.jobs import JobState
from config.lib.pagination import KeysetPaginator
from config.lib.problems import Problem
from config.lib.toasts import say
from scoring.choices import ValidationKind
from scoring.forms.validations import BacktestForm, LinkageForm, WhatIfForm
from scoring.models import Scorecard, Validation
from scoring.selectors.validation_reports import report_for
from scoring.services.validations import (
    cancel_validation,
    request_backtest,
    request_linkage,
    request_what_if,
)
from scoring.views.validation_words import words_of

A_PAGE = 20
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show what can be tried and what was tried."""
    rows = _rows(request)
    page = KeysetPaginator(rows, order="-id", size=A_PAGE).page(request.GET.get("cursor"))
    cards = Scorecard.objects.filter(archived_at=None).order_by("is_default", "position", "pk")
    context = {"page": page, "scorecards": cards, "today": Organisation.objects.day_of(app_now())}
    return render(request, "scoring/validation_list.html", context)


@get_or_post
def what_if(request: HttpRequest, key: str) -> HttpResponse:
    """Try a version of a scorecard on the whole book."""
    card = _scorecard(request, key)
    form = WhatIfForm(posted(request), scorecard=card)
    return _ask(request, form, ValidationKind.WHAT_IF, card)


@get_or_post
def backtest(request: HttpRequest, key: str) -> HttpResponse:
    """Replay a version of a scorecard over past months."""
    card = _scorecard(request, key)
    form = BacktestForm(posted(request), scorecard=card)
    return _ask(request, form, ValidationKind.BACKTEST, card)


@get_or_post
def linkage(request: HttpRequest) -> HttpResponse:
    """Find which metrics go along with which results."""
    _rows(request)
    return _ask(request, LinkageForm(posted(request)), ValidationKind.LINKAGE, None)


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far a validation is, and its report."""
    row = get_object_or_404(_rows(request), pk=pk)
    report = report_for(row, request.user)
    context = {
        "row": row,
        "job": row.job,
        "waits": row.job.state in {JobState.QUEUED, JobState.RUNNING},
        "report": report,
        "words": words_of(row, report) if report else None,
        "may_stop": steers(request.user),
        "today": Organisation.objects.day_of(app_now()),
    }
    page = "scoring/validation_state.html" if request.htmx else "scoring/validation_detail.html"  # type: ignore[attr-defined]
    return render(request, page, context)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a validation."""
    row = get_object_or_404(_rows(request), pk=pk)
    if not steers(request.user):
        raise PermissionDenied
    cancel_validation(validation=row, at=app_now())
    say(request, _("The work is being stopped."))
    return redirect("scoring:validation_detail", pk=pk)


def _rows(request: HttpRequest) -> Any:
    """Return the validations the user sees; who sees no health finds nothing here.

    :raises Http404: for them.
    """
    rows = Validation.objects.visible_to(request.user)
    if rows.query.is_empty():
        raise Http404
    return rows.select_related("job__requested_by", "scorecard", "version")


def _scorecard(request: HttpRequest, key: str) -> Scorecard:
    _rows(request)
    return get_object_or_404(Scorecard, key=key)


def _ask(
    request: HttpRequest, form: Any, kind: ValidationKind, card: Scorecard | None
) -> HttpResponse:
    if request.method == "POST":
        if not steers(request.user):
            raise PermissionDenied
        if form.is_valid() and (row := _request(request, form, kind, card)):
            return redirect("scoring:validation_detail", pk=row.pk)
    rows = _rows(request).filter(kind=kind, scorecard=card).order_by("-pk")[:A_PAGE]
    context = {
        "form": form,
        "kind": kind,
        "title": kind.label,
        "scorecard": card,
        "rows": rows,
        "may_ask": steers(request.user),
        "today": Organisation.objects.day_of(app_now()),
    }
    return render(request, "scoring/validation_ask.html", context)


def _request(
    request: HttpRequest, form: Any, kind: ValidationKind, card: Scorecard | None
) -> Validation | None:
    common: dict[str, Any] = {
        "at": app_now(),
        "by": cast(User, request.user),
        "language": (get_language() or "en")[:2],
        **form.cleaned_data,
    }
    try:
        if kind == ValidationKind.WHAT_IF:
            return request_what_if(**common)
        if kind == ValidationKind.BACKTEST:
            return request_backtest(scorecard=cast(Scorecard, card), **common)
        return request_linkage(**common)
    except Problem as refusal:
        note_refusal(form, refusal)
        return None
