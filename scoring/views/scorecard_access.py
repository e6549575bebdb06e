"""Who opens the pages about scorecards, and what each of them begins with."""

import datetime as dt
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from accounts.models import Organisation
from accounts.querysets import steers
from config.lib.clock import app_now
from config.lib.problems import FieldError, Problem
from scoring.models import Scorecard, ScorecardVersion
from scoring.querysets import may_read_scorecards
from scoring.selectors.scorecard_pages import Standing, standing_of, versions_of


@dataclass(frozen=True)
class Desk:
    """A scorecard with its versions, newest first, and where they stand today."""

    card: Scorecard
    versions: list[ScorecardVersion]
    standing: Standing
    today: dt.date
    now: dt.datetime
    may_write: bool
    numbers: dict[int, ScorecardVersion] = field(default_factory=dict)

    def version(self, number: object) -> ScorecardVersion | None:
        """Return the version of a number, as it comes from an address."""
        text = str(number)
        known = len(text) < 9 and text.isascii() and text.isdigit()
        return self.numbers.get(int(text)) if known else None


def open_today() -> dt.date:
    """Return the day it is for the organisation."""
    return Organisation.objects.day_of(app_now())


def readers_only(request: HttpRequest) -> None:
    """Hide scorecards from who sees nobody's health.

    :raises Http404: for them.
    """
    if not may_read_scorecards(request.user):
        raise Http404


def steerers_only(request: HttpRequest) -> None:
    """Refuse who does not steer the book.

    :raises Http404: for who sees nobody's health.
    :raises PermissionDenied: for everybody else who does not steer.
    """
    readers_only(request)
    if not steers(request.user):
        raise PermissionDenied


def open_desk(request: HttpRequest, pk: int, *, write: bool = False) -> Desk:
    """Return a scorecard with all that stands around it; two queries.

    :raises Http404, PermissionDenied: as `readers_only` and, to write, `steerers_only` say.
    """
    if write:
        steerers_only(request)
    else:
        readers_only(request)
    card = get_object_or_404(Scorecard.objects.visible_to(request.user), pk=pk)
    versions = list(versions_of([card]))
    now = app_now()
    today = Organisation.objects.day_of(now)
    return Desk(
        card,
        versions,
        standing_of(versions, on=today),
        today,
        now,
        steers(request.user),
        {version.number: version for version in versions},
    )


def at_day(refusal: Problem) -> Problem:
    """Let what a service says of a day stand beside the form's one day, whatever it calls it."""
    refusal.errors = tuple(
        FieldError("/on", error.detail) if error.pointer.endswith("_on") else error
        for error in refusal.errors
    )
    return refusal
