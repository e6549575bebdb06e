"""A bound that fits the teams: asked for beside the review, taken over into the draft alone."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from config.lib import formats
from config.lib.problems import Problem
from config.lib.toasts import say
from scoring.domain.thresholds import Below
from scoring.forms.thresholds import ThresholdForm
from scoring.models import ScorecardVersion
from scoring.selectors.threshold_words import reason_of
from scoring.selectors.thresholds import Answer
from scoring.services.thresholds import ask_threshold, take_threshold
from scoring.views.scorecard_access import Desk, open_desk


@require_POST
def threshold_take(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the bound that was proposed into the draft."""
    desk = open_desk(request, pk, write=True)
    version, form = desk.standing.open, ThresholdForm(request.POST)
    if version is not None and form.is_valid():
        try:
            take_threshold(
                version=version,
                asked=form.asked(),
                bound=form.cleaned_data["value"],
                at=desk.now,
                read=request.POST.get("digest"),
            )
        except Problem as refusal:
            say(request, str(refusal))
        else:
            say(request, _("The draft has the bound and why. It affects nobody."))
    return redirect(reverse("scoring:scorecard_review", args=[pk]))


def threshold_context(
    request: HttpRequest, desk: Desk, version: ScorecardVersion
) -> dict[str, Any]:
    """Return the form and, once it is asked, the proposal with every bound that was tried."""
    is_asked = desk.may_write and "per_week" in request.GET
    form = ThresholdForm(request.GET if is_asked else None)
    context: dict[str, Any] = {"threshold": form}
    if is_asked and form.is_valid():
        try:
            answer = ask_threshold(version=version, asked=form.asked(), at=desk.now)
        except Problem as refusal:
            form.add_error(None, str(refusal))
        else:
            context |= {"answer": answer, "reason": reason_of(answer), "rows": _rows(answer)}
    return context


def _rows(answer: Answer) -> list[dict[str, Any]]:
    """Return the bounds with what would follow; of those that catch the same accounts the first."""
    rows = [_row(answer, step) for step in answer.steps]
    before: list[Any] = [None, *(row["accounts"] for row in rows)]
    return [
        row
        for row, accounts in zip(rows, before, strict=False)
        if row["is_now"] or row["is_then"] or row["accounts"] != accounts
    ]


def _row(answer: Answer, step: Below) -> dict[str, Any]:
    spent = answer.room.spent(step.accounts)
    return {
        "bound": formats.number(step.bound),
        "accounts": step.accounts,
        "change": step.accounts - answer.proposal.now.accounts,
        "arr": step.arr,
        "room": step.accounts / answer.room.accounts if answer.room.accounts else None,
        "spent": spent,
        "is_now": step.bound == answer.proposal.now.bound,
        "is_then": step.bound == answer.proposal.then.bound,
    }
