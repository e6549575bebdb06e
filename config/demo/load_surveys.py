"""Write two finished rounds of the recommendation question and open a third by the usual way."""

import datetime as dt
from collections.abc import Sequence

from accounts.models import Contact, User
from config.demo.load import Member, at
from surveys.models import Invitation, Response, Survey, Wave
from surveys.services.invitations import invite_contacts
from surveys.services.surveys import create_survey
from surveys.services.waves import open_wave

#: Days since the finished rounds were opened.
ROUNDS = (410, 200)
OPEN_FOR = 14
INVITED_NOW = 12
ANSWERING = 0.45
REASONS = {
    "ja": {
        "high": ("計画変更への対応が早くなりました。", "サポートの返事が早い。"),
        "low": ("画面が重く、現場が入力してくれません。", "帳票の自由度がほしい。"),
    },
    "en": {
        "high": ("Replanning takes minutes now.", "Support answers quickly."),
        "low": ("The night shift finds it slow.", "Reports need more freedom."),
    },
}


def load_surveys(
    members: Sequence[Member], *, people: dict[int, list[Contact]], today: dt.date,
    now: dt.datetime, by: User,
) -> None:  # fmt: skip
    """Insert the survey, its finished rounds with answers, and an open one with its mails."""
    survey = create_survey(kind="nps", name="Monorhythm NPS", at=now, created_by=by)
    asked = [member for member in members if member.story.life.nps is not None]
    for ago in ROUNDS:
        _load_round(survey, asked, people=people, today=today, ago=ago)
    wave = open_wave(
        survey=survey,
        name=_round_called(today),
        closes_on=today + dt.timedelta(days=10),
        at=now,
    )
    active = [member for member in asked if member.ended is None][:INVITED_NOW]
    invited = [contact.pk for member in active for contact in people[member.account.pk][:2]]
    invite_contacts(wave=wave, contact_ids=invited, at=now)


def _round_called(opened: dt.date) -> str:
    """Name a round by its month, which reads alike in both languages."""
    return f"{opened:%Y/%m}"


def _load_round(
    survey: Survey, members: Sequence[Member], *,
    people: dict[int, list[Contact]], today: dt.date, ago: int,
) -> None:  # fmt: skip
    opened = today - dt.timedelta(days=ago)
    closes = opened + dt.timedelta(days=OPEN_FOR)
    wave = Wave.objects.create(
        survey=survey,
        name=_round_called(opened),
        state="closed",
        opens_on=opened,
        closes_on=closes,
        closes_at=at(closes + dt.timedelta(days=1), 0),
        report_on=closes + dt.timedelta(days=14),
    )
    invitations, responses = [], []
    for member in members:
        if member.first > opened or (member.ended and member.ended <= opened):
            continue
        for contact in people.get(member.account.pk, [])[:3]:
            answered = member.rng.random() < ANSWERING
            invitation = Invitation(
                wave=wave,
                account=member.account,
                contact=contact,
                person_key=contact.person_key,
                language=contact.language,
                invited_on=opened,
                answered=answered,
            )
            invitations.append(invitation)
            if answered:
                responses.append(_response(member, invitation, opened))
    Invitation.objects.bulk_create(invitations, batch_size=2000)
    Response.objects.bulk_create(responses, batch_size=2000)


def _response(member: Member, invitation: Invitation, opened: dt.date) -> Response:
    usual = member.story.life.nps or 7
    score = min(10, max(0, usual + member.rng.choice((-2, -1, 0, 0, 1, 1))))
    language = invitation.language
    reasons = REASONS[language]["high" if score >= 8 else "low"]
    answered = at(opened + dt.timedelta(days=member.rng.randint(0, OPEN_FOR)), 11)
    return Response(
        survey=invitation.wave.survey,
        wave=invitation.wave,
        invitation=invitation,
        account=member.account,
        contact=invitation.contact,
        kind="nps",
        language=language,
        score=score,
        csat=min(5, max(1, round(score / 2))),
        comment=member.rng.choice(reasons) if member.rng.random() < 0.5 else "",
        answered_at=answered,
        recorded_at=answered,
    )
