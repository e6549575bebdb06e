"""The editor of a draft: begun, changed row by row, tried on the book, thrown away."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.views.account_forms import form_methods
from config.lib.jobs import JobState
from config.lib.problems import Problem
from config.lib.toasts import say
from scoring.choices import Band, ScorecardState
from scoring.domain.pruning import prune_definition
from scoring.forms.condition_rows import LOWER, UPPER
from scoring.forms.definition_sheet import Sheet
from scoring.forms.scorecards import AUDIENCE_LABELS, audience_choices
from scoring.models import ScorecardVersion, Validation
from scoring.selectors.condition_words import JOINTS, OPERATORS
from scoring.selectors.curve_words import WAYS
from scoring.selectors.custom_metrics import all_metrics
from scoring.selectors.definition_words import MISSING, ROLLUPS
from scoring.selectors.validation_reports import newest_what_if, report_for
from scoring.services.scorecards import (
    change_draft,
    discard_draft,
    draft_version,
    restore_draft,
)
from scoring.services.validations import request_what_if
from scoring.views.scorecard_access import Desk, open_desk
from scoring.views.validation_words import words_of

#: So many movers stand in the narrow panel; the whole report is a link away.
FEW_MOVERS = 8
WAITING = {JobState.QUEUED, JobState.RUNNING}


@require_POST
def draft_begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a draft that says what acts now, or what the version `number` says."""
    desk = open_desk(request, pk, write=True)
    source = desk.version(request.POST.get("number", "")) or desk.standing.acting
    source = source or next(iter(desk.versions), None)
    if desk.standing.open is None and source is not None:
        definition = prune_definition(source.definition, metrics=set(all_metrics()))
        try:
            draft_version(
                scorecard=desk.card,
                definition=definition,
                at=desk.now,
                user=cast(User, request.user),
            )
        except Problem as refusal:
            say(request, str(refusal))
            return redirect("scoring:scorecard_detail", pk=pk)
    return redirect("scoring:scorecard_draft", pk=pk)


@form_methods
def scorecard_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the draft as a form with what the pressed button did to it, or save it."""
    desk = open_desk(request, pk, write=True)
    draft = desk.standing.open
    if draft is None or draft.state != ScorecardState.DRAFT:
        return redirect("scoring:scorecard_review" if draft else "scoring:scorecard_detail", pk=pk)
    if request.method != "POST":
        return _answer(request, desk, draft, Sheet.of_definition(draft.definition))
    sheet = Sheet.of_post(request.POST.dict())
    act = request.POST.get("do", "")
    definition = sheet.check() if act in ("save", "try", "check") else None
    is_stale = request.POST.get("digest") != draft.digest
    if definition is None or act == "check" or is_stale:
        is_stale = is_stale and act in ("save", "try")
        return _answer(request, desk, draft, sheet, act=act, is_stale=is_stale)
    _save(request, desk, draft, definition)
    if act == "try":
        ask_what_if(request, desk, draft)
        return redirect(f"{reverse('scoring:scorecard_draft', args=[pk])}#trial")
    return redirect("scoring:scorecard_draft", pk=pk)


@require_POST
def draft_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw the draft away."""
    desk = open_desk(request, pk, write=True)
    draft = desk.standing.open
    if draft is not None:
        try:
            undo = f"{reverse('scoring:draft_restore', args=[pk])}?was={draft.pk}"
            discard_draft(version=draft)
            say(request, _("The draft was thrown away."), undo=undo)
        except Problem as refusal:
            say(request, str(refusal))
    return redirect("scoring:scorecard_detail", pk=pk)


@require_POST
def draft_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring back the draft `was`, which was thrown away."""
    desk = open_desk(request, pk, write=True)
    was = request.GET.get("was", "")
    try:
        restore_draft(
            scorecard=desk.card,
            discarded=int(was) if was.isdecimal() and len(was) < 19 else 0,
            at=desk.now,
            user=cast(User, request.user),
        )
    except Problem as refusal:
        say(request, str(refusal))
        return redirect("scoring:scorecard_detail", pk=pk)
    say(request, _("The draft is back."))
    return redirect("scoring:scorecard_draft", pk=pk)


@require_safe
def draft_trial(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far the newest what-if of the open version is, and what it found, in short."""
    desk = open_desk(request, pk)
    version = desk.standing.open
    if version is None:
        return redirect("scoring:scorecard_detail", pk=pk)
    context = {"desk": desk, "card": desk.card, "today": desk.today}
    return render(
        request, "scoring/scorecard_trial.html", context | trial_of(request, version, few=True)
    )


def trial_of(
    request: HttpRequest, version: ScorecardVersion | None, *, few: bool = False
) -> dict[str, Any]:
    """Return the newest what-if of a version as pages show it.

    :param few: only so many movers as fit beside an editor.
    """
    row = newest_what_if(version) if version else None
    if row is None or version is None:
        return {"trial": None, "waits": False}
    report = report_for(row, request.user)
    words = words_of(row, report) if report else None
    if words and few:
        words = {**words, "movers": words["movers"][:FEW_MOVERS]}
    return {
        "trial": row,
        "row": row,
        "job": row.job,
        "waits": row.job.state in WAITING,
        "report": report,
        "words": words,
        "is_old": row.definition != version.definition,
    }


def ask_what_if(request: HttpRequest, desk: Desk, version: ScorecardVersion) -> Validation | None:
    """Queue trying a version on the whole book; a refusal is said on the next page."""
    try:
        return request_what_if(
            version=version,
            at=desk.now,
            by=cast(User, request.user),
            language=(get_language() or "en")[:2],
        )
    except Problem as refusal:
        say(request, str(refusal))
        return None


def _save(
    request: HttpRequest, desk: Desk, draft: ScorecardVersion, definition: dict[str, Any]
) -> None:
    try:
        read = request.POST.get("digest")
        change_draft(version=draft, definition=definition, at=desk.now, read=read)
    except Problem as refusal:
        say(request, str(refusal))
        return
    say(request, _("The draft was saved. It affects nobody."))


def _answer(
    request: HttpRequest,
    desk: Desk,
    draft: ScorecardVersion,
    sheet: Sheet,
    *,
    act: str = "",
    is_stale: bool = False,
) -> HttpResponse:
    """Show the form; `is_stale` says that somebody else saved since it was opened."""
    known = all_metrics()
    labels = sorted(((key, str(one.label)) for key, one in known.items()), key=lambda one: one[1])
    nodes = sheet.nodes()
    context = {
        "desk": desk,
        "card": desk.card,
        "draft": draft,
        "sheet": nodes,
        "summary": sheet.summary(),
        "is_fine": act == "check" and not sheet.errors,
        "is_stale": is_stale,
        "metrics": labels,
        "used": {m["metric"] for d in sheet.rows["dimensions"] for m in d["measures"]},
        "ways": WAYS,
        "policies": MISSING,
        "rollups": ROLLUPS,
        "operators": OPERATORS,
        "lower": {key: OPERATORS[key] for key in LOWER},
        "upper": {key: OPERATORS[key] for key in UPPER},
        "joints": JOINTS,
        "audiences": [
            (key, AUDIENCE_LABELS[key], choices) for key, choices in audience_choices().items()
        ],
        "band_choices": [band for band in Band.choices if band[0] != Band.NOT_ENOUGH_DATA],
        "today": desk.today,
        **trial_of(request, draft, few=True),
    }
    return render(request, "scoring/scorecard_draft.html", context)
