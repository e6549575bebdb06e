"""Take an identified answer: once per invitation, however often and fast it is sent."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.domain.mail_links import link_digest
from accounts.services.dirty import mark_accounts_dirty
from config.lib.bells import ring
from config.lib.problems import Problem
from surveys.choices import LinkScope
from surveys.models import Invitation, InvitationToken, Response
from surveys.models.response import LONGEST_COMMENT
from surveys.registry import kinds

LOWEST_CSAT, HIGHEST_CSAT = 1, 5


class LinkNotValid(Problem):
    """The link was never made, was used, or has expired: which of them is not told."""

    status = 404
    code = "link_not_valid"
    title = _("This link is not valid.")


class AnswerRefused(Problem):
    """An answer lies outside the survey's scales."""

    status = 422
    code = "answer_refused"
    title = _("The answer does not fit the survey.")


@dataclass(frozen=True)
class Answer:
    """What a person answered; `csat` and `comment` are optional."""

    score: int
    csat: int | None = None
    comment: str = ""
    language: str = "ja"


def find_invitation(*, link: str, at: dt.datetime) -> Invitation:
    """Return the invitation a link still opens, in one query whatever the link is.

    :raises LinkNotValid: for an unknown, used or expired link alike.
    """
    token = (
        InvitationToken.objects.answerable(link_digest(link), at)
        .select_related("invitation__wave__survey")
        .first()
    )
    if token is None:
        raise LinkNotValid
    return token.invitation  # type: ignore[no-any-return]


@transaction.atomic
def submit_answer(*, link: str, answer: Answer, at: dt.datetime) -> Response:
    """Store an answer with its contact, use up the link and have the account's score renewed.

    The conditional update lets exactly one of any number of simultaneous answers through.

    :raises LinkNotValid: for an unknown, used or expired link alike.
    :raises AnswerRefused: for a value outside the survey's scales.
    """
    invitation = find_invitation(link=link, at=at)
    _check(answer, kind=invitation.wave.survey.kind)
    if not Invitation.objects.filter(pk=invitation.pk, answered=False).update(answered=True):
        raise LinkNotValid
    invitation.tokens.filter(scope=LinkScope.ANSWER).delete()
    response = Response.objects.create(
        survey=invitation.wave.survey,
        wave=invitation.wave,
        invitation=invitation,
        account_id=invitation.account_id,
        contact_id=invitation.contact_id,
        kind=invitation.wave.survey.kind,
        language=answer.language,
        score=answer.score,
        csat=answer.csat,
        comment=answer.comment.strip(),
        answered_at=at,
        recorded_at=at,
    )
    mark_accounts_dirty(account_ids=[invitation.account_id], reason="survey", at=at)
    ring("account.dirty")
    ring("survey.response")
    return response


def _check(answer: Answer, *, kind: str) -> None:
    fits = answer.score in kinds.get(kind).scale
    fits &= answer.csat is None or LOWEST_CSAT <= answer.csat <= HIGHEST_CSAT
    fits &= len(answer.comment) <= LONGEST_COMMENT
    if not fits:
        raise AnswerRefused
