"""Rows of the surveys app for tests."""

import datetime as dt
from typing import Any

from accounts.domain.mail_links import link_digest
from accounts.models import Account, Contact, Organisation
from accounts.services.outbox import mail_link, person_key_of
from surveys.choices import LinkScope, WaveState
from surveys.models import Invitation, InvitationToken, Response, Survey, Wave
from surveys.services.invitations import invitation_key
from surveys.services.surveys import create_survey
from tests.factories import make_account, make_contact, make_organisation

AT = dt.datetime(2026, 6, 1, 3, 0, tzinfo=dt.UTC)


def make_survey(**fields: Any) -> Survey:
    return create_survey(**{"kind": "nps", "name": "Relationship", "at": AT, **fields})


def make_wave(*, survey: Survey | None = None, **fields: Any) -> Wave:
    """Make a wave that is open for two weeks by the database's clock."""
    if not Organisation.objects.exists():
        make_organisation(contact_address="survey@harukaze.example")
    now = dt.datetime.now(dt.UTC)
    values = {
        "name": "June",
        "state": WaveState.OPEN,
        "opens_on": now.date(),
        "closes_on": now.date() + dt.timedelta(days=14),
        "closes_at": now + dt.timedelta(days=14),
        "report_on": now.date() + dt.timedelta(days=44),
        **fields,
    }
    return Wave.objects.create(survey=survey or make_survey(), **values)


def make_invitation(
    *, wave: Wave | None = None, contact: Contact | None = None, **fields: Any
) -> Invitation:
    contact = contact or make_contact(account=make_account())
    wave = wave or make_wave()
    return Invitation.objects.create(
        **{
            "wave": wave,
            "account": contact.account,
            "contact": contact,
            "person_key": person_key_of(contact.email),
            "language": "en",
            "invited_on": wave.opens_on,
            **fields,
        }
    )


def make_link(*, scope: str = LinkScope.ANSWER, **fields: Any) -> str:
    """Make an invitation and return the secret part of its link."""
    expires_at = fields.pop("expires_at", None)
    invitation = fields.pop("invitation", None) or make_invitation(**fields)
    link, digest = mail_link(key=invitation_key(invitation), purpose=scope)
    assert digest == link_digest(link)
    if scope == LinkScope.ANSWER:
        expires_at = expires_at or invitation.wave.closes_at
    InvitationToken.objects.create(
        digest=digest, invitation=invitation, scope=scope, expires_at=expires_at
    )
    return link


def make_response(*, account: Account | None = None, **fields: Any) -> Response:
    contact = fields.pop("contact", None) or make_contact(account=account or make_account())
    wave = fields.pop("wave", None) or make_wave()
    return Response.objects.create(
        **{
            "survey": wave.survey,
            "wave": wave,
            "account": contact.account,
            "contact": contact,
            "kind": wave.survey.kind,
            "language": "en",
            "score": 9,
            "answered_at": AT,
            "recorded_at": AT,
            **fields,
        }
    )
