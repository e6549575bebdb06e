"""Figures of surveys: how many were asked, how many answered, and what their answers say.

Figures of a survey are computed over everything; lists of answers are filtered by who looks.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from accounts.models import Account
from surveys.domain.statistics import (
    DETRACTOR_TO,
    PROMOTER_FROM,
    Nps,
    Proportion,
    nps_of_counts,
    proportion,
)
from surveys.models import Invitation, Response
from surveys.querysets import ResponseQuerySet
from surveys.registry import SurveyKind

DAYS_OF_ACCOUNT_NPS = 365


@dataclass(frozen=True)
class Result:
    """What came of an amount of invitations.

    `nps` is given for that kind only, `content` (the top box) for the others.
    """

    invited: int
    rate: Proportion
    nps: Nps | None
    content: Proportion | None


def results_by_survey(surveys: Iterable[tuple[int, SurveyKind]]) -> dict[int, Result]:
    """Return the figures of surveys over all their waves, in two statements."""
    return _results(dict(surveys), invited_path="wave__survey", answered_path="survey")


def results_by_wave(waves: Iterable[tuple[int, SurveyKind]]) -> dict[int, Result]:
    """Return the figures of waves, in two statements."""
    return _results(dict(waves), invited_path="wave", answered_path="wave")


def account_nps(*, account: Account, at: dt.datetime) -> Nps:
    """Return the NPS of identified answers of an account in the 12 months before `at`."""
    answers = Response.objects.standing().answered_within(DAYS_OF_ACCOUNT_NPS, at=at)
    counts = _counted(answers.filter(account=account, kind="nps"))
    return nps_of_counts(**counts)


def _results(
    kinds: dict[int, SurveyKind], *, invited_path: str, answered_path: str
) -> dict[int, Result]:
    invited = _by(
        Invitation.objects.filter(**{f"{invited_path}__in": list(kinds)}),
        invited_path,
        n=Count("pk"),
        answered=Count("pk", filter=Q(answered=True)),
    )
    content = Q(pk__in=[])
    for kind in set(kinds.values()):
        content |= Q(kind=kind.key, score__gte=kind.content_from)
    said = _by(
        Response.objects.standing().filter(**{f"{answered_path}__in": list(kinds)}),
        answered_path,
        n=Count("pk"),
        content=Count("pk", filter=content),
        detractors=Count("pk", filter=Q(score__lte=DETRACTOR_TO)),
    )
    none = {"n": 0, "answered": 0, "content": 0, "detractors": 0}
    return {
        key: _result(kind, {**none, **invited.get(key, {})}, {**none, **said.get(key, {})})
        for key, kind in kinds.items()
    }


def _by(rows: Any, path: str, **figures: Count) -> dict[int, dict[str, int]]:
    grouped = rows.order_by().values(path).annotate(**figures)
    return {row.pop(path): row for row in grouped}


def _result(kind: SurveyKind, invited: dict[str, int], said: dict[str, int]) -> Result:
    is_nps = kind.key == "nps"
    n, content = said["n"], said["content"]
    return Result(
        invited=invited["n"],
        rate=proportion(n=invited["n"], hits=invited["answered"]),
        nps=nps_of_counts(n=n, promoters=content, detractors=said["detractors"])
        if is_nps
        else None,
        content=None if is_nps else proportion(n=n, hits=content),
    )


def _counted(answers: ResponseQuerySet) -> dict[str, int]:
    return dict(
        answers.order_by().aggregate(
            n=Count("pk"),
            promoters=Count("pk", filter=Q(score__gte=PROMOTER_FROM)),
            detractors=Count("pk", filter=Q(score__lte=DETRACTOR_TO)),
        )
    )
