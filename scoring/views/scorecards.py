"""Scorecards: who is judged by which, how to read one, what changed between its versions."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Organisation
from accounts.querysets import steers
from accounts.views.editing import editing
from accounts.views.form_pages import FormPage, answer_form, posted
from config.lib.clock import app_now
from config.lib.problems import Problem
from config.lib.toasts import say
from scoring.forms.scorecards import ScorecardForm
from scoring.models import Scorecard, ScorecardVersion
from scoring.selectors.definition_diff import differences
from scoring.selectors.definition_words import card_words
from scoring.selectors.labels import audience_words
from scoring.selectors.scorecard_pages import (
    BANDS,
    CardRow,
    band_counts,
    card_rows,
    method_word,
    version_counts,
)
from scoring.selectors.scorecards import read_definition
from scoring.selectors.validation_reports import newest_what_if
from scoring.services.scorecards import (
    archive_scorecard,
    change_scorecard,
    order_scorecards,
    restore_scorecard,
)
from scoring.views.scorecard_access import Desk, open_desk, readers_only, steerers_only


@require_safe
def scorecard_list(request: HttpRequest) -> HttpResponse:
    """Show every scorecard in the order in which accounts are tried against them."""
    readers_only(request)
    today = Organisation.objects.day_of(app_now())
    rows = card_rows(on=today)
    context = {
        "rows": [row for row in rows if row.card.archived_at is None],
        "archived": [row for row in rows if row.card.archived_at is not None],
        "movable": sum(_is_movable(row) for row in rows),
        "may_write": steers(request.user),
        "today": today,
    }
    return render(request, "scoring/scorecard_list.html", context)


@require_POST
def scorecard_order(request: HttpRequest) -> HttpResponse:
    """Move a scorecard one place up or down in the order; `do` is `up-7` or `down-7`."""
    steerers_only(request)
    way, _dash, wanted = request.POST.get("do", "").partition("-")
    cards = Scorecard.objects.filter(archived_at=None, is_default=False).order_by("position", "pk")
    keys = {str(card.pk): card.key for card in cards}
    if wanted in keys and way in ("up", "down"):
        order = list(keys.values())
        place = order.index(keys[wanted])
        other = min(max(place + (1 if way == "down" else -1), 0), len(order) - 1)
        order.insert(other, order.pop(place))
        order_scorecards(keys=order, at=app_now())
        say(request, _("The order was changed. Scores follow with the next computation."))
    return redirect("scoring:scorecard_list")


@require_safe
def scorecard_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Say in words what a scorecard says, how to read its scores, and whom it judges."""
    desk = open_desk(request, pk)
    standing = desk.standing
    wanted = request.GET.get("version")
    shown = desk.version(wanted) if wanted else None
    shown = shown or standing.acting or standing.pilot or next(iter(desk.versions), None)
    counts = band_counts().get(pk, {})
    context = {
        "desk": desk,
        "card": desk.card,
        "standing": standing,
        "shown": shown,
        "method": method_word(shown),
        "words": card_words(read_definition(shown)) if shown else None,
        "whom": audience_words(desk.card.condition),
        "bands": [(band, counts.get(band, 0)) for band in BANDS],
        "accounts": sum(counts.values()),
        "versions": [(one, _state(desk, one), _may_return(desk, one)) for one in desk.versions],
        "pilot_judged": version_counts(desk.card)[standing.pilot.pk] if standing.pilot else None,
        "trial": newest_what_if(standing.pilot) if standing.pilot else None,
        "today": desk.today,
    }
    return render(request, "scoring/scorecard_detail.html", context)


@require_safe
def scorecard_compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Say in words what differs between two versions; by default the last two."""
    desk = open_desk(request, pk)
    if not desk.versions:
        raise Http404
    newer = desk.version(request.GET.get("to", "")) or desk.versions[0]
    older = desk.version(request.GET.get("from", "")) or desk.version(newer.number - 1) or newer
    before, after = read_definition(older), read_definition(newer)
    context = {
        "card": desk.card,
        "versions": desk.versions,
        "older": older,
        "newer": newer,
        "lines": differences(before, after),
        "today": desk.today,
    }
    return render(request, "scoring/scorecard_compare.html", context)


@editing(Scorecard)
def scorecard_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a scorecard is called, and whom it is for."""
    desk = open_desk(request, pk, write=True)
    form = ScorecardForm(posted(request), scorecard=desk.card)
    back = reverse("scoring:scorecard_detail", args=[pk])
    note = _("A new condition acts at once: every account is computed anew.")
    page = FormPage(_("Name and accounts"), _("Save"), str(desk.card), back, note)

    def save(values: dict[str, Any]) -> str:
        changes = form.changes()
        if changes.get("condition") == desk.card.condition:
            del changes["condition"]
        change_scorecard(scorecard=desk.card, changes=changes, at=desk.now)
        say(request, _("The scorecard was saved."))
        return back

    return answer_form(request, form, page, save)


@require_POST
def scorecard_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a scorecard out of use; the toast brings it back."""
    desk = open_desk(request, pk, write=True)
    try:
        archive_scorecard(scorecard=desk.card, at=desk.now)
    except Problem as refusal:
        say(request, str(refusal))
        return redirect("scoring:scorecard_detail", pk=pk)
    undo = reverse("scoring:scorecard_restore", args=[pk])
    say(request, _("The scorecard was archived; others judge its accounts."), undo=undo)
    return redirect("scoring:scorecard_list")


@require_POST
def scorecard_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring a scorecard back into use."""
    desk = open_desk(request, pk, write=True)
    restore_scorecard(scorecard=desk.card, at=desk.now)
    say(request, _("The scorecard is back in use."))
    return redirect("scoring:scorecard_detail", pk=pk)


def _is_movable(row: CardRow) -> bool:
    return row.card.archived_at is None and not row.card.is_default


def _state(desk: Desk, version: ScorecardVersion) -> str:
    """Say in a word where a version stands today."""
    standing = desk.standing
    if version == standing.acting:
        return _("in force")
    if version == standing.pilot:
        return _("on a pilot")
    if version.state != "published":
        return version.get_state_display()
    if version.withdrawn_on is not None:
        return _("pilot withdrawn")
    if version.effective_on and version.effective_on > desk.today:
        return _("acts later")
    return _("replaced")


def _may_return(desk: Desk, version: ScorecardVersion) -> bool:
    """Say whether a version can be published again: it acted once and something else acts now."""
    return version.state == "published" and version not in (
        desk.standing.acting,
        desk.standing.pilot,
        desk.standing.coming,
    )
