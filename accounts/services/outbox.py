"""Mails: written down once under a key, sent at most once, and never to who asked us to stop.

A mail whose sender vanished in the middle of talking to the mail server is *unknown*: it may have
been sent, so no program sends it again; a person looks and decides.
"""

import datetime as dt
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from accounts import transports
from accounts.choices import MailState, SuppressionReason
from accounts.domain.mail_links import fill_links, link_digest, link_secret
from accounts.domain.mail_outcome import MailRefused, MailServerUnreachable
from accounts.domain.person_key import person_key
from accounts.models import MailMessage, Suppression
from config.lib.bells import ring
from config.lib.claims import new_owner

logger = logging.getLogger(__name__)

BATCH = 20
LEASE = dt.timedelta(minutes=10)


@dataclass(frozen=True)
class MailDraft:
    """A mail to be queued. `{{link:purpose}}` in body and headers becomes a secret link."""

    key: str
    to: str
    language: str
    subject: str
    body_text: str
    headers: Mapping[str, str] = field(default_factory=dict)
    account_id: int | None = None
    contact_id: int | None = None


def person_key_of(address: str) -> bytes:
    """Return the keyed hash that stands for a mail address everywhere."""
    secret = settings.PERSON_KEY_SECRET or settings.SECRET_KEY
    return person_key(address, secret=secret.encode())


def mail_link(*, key: str, purpose: str) -> tuple[str, bytes]:
    """Return the secret of a mail's link and the digest by which it is recognised."""
    link = link_secret(mail_key=key, purpose=purpose, secret=settings.SECRET_KEY.encode())
    return link, link_digest(link)


def suppressed_among(person_keys: Iterable[bytes]) -> set[bytes]:
    """Return which of these people we must not write to, in one query."""
    rows = Suppression.objects.in_force().filter(person_key__in=list(person_keys))
    return {bytes(key) for key in rows.values_list("person_key", flat=True)}


@transaction.atomic
def queue_mails(*, drafts: Iterable[MailDraft], at: dt.datetime) -> None:
    """Write mails into the outbox, due now; a key that is there already changes nothing."""
    MailMessage.objects.bulk_create(
        [
            MailMessage(
                key=draft.key,
                account_id=draft.account_id,
                contact_id=draft.contact_id,
                person_key=person_key_of(draft.to),
                to_address=draft.to,
                language=draft.language,
                subject=" ".join(draft.subject.split())[:200],
                body_text=draft.body_text,
                headers=dict(draft.headers),
                due_at=at,
                created_at=at,
            )
            for draft in drafts
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )
    ring("mail.queued")


@transaction.atomic
def suppress(*, person_key: bytes, reason: SuppressionReason) -> None:
    """Stop all mails to a person from now on; doing it twice is the same."""
    Suppression.objects.bulk_create(
        [Suppression(person_key=person_key, reason=reason)], ignore_conflicts=True
    )


@transaction.atomic
def lift_suppressions(*, suppression_ids: Iterable[int], at: dt.datetime) -> int:
    """Allow mails again because the person asked for them; return how many were in force."""
    rows = Suppression.objects.in_force().filter(pk__in=list(suppression_ids))
    return rows.update(lifted_at=at)


def send_due_mails(*, at: dt.datetime) -> int:
    """Send up to a batch of due mails and return how many were taken up.

    Not atomic: each mail's state is committed before and after its dialogue.
    """
    MailMessage.objects.left_hanging(at).doubt(error="the sender vanished", at=at)
    owner = new_owner()
    mails = MailMessage.objects.claim(limit=BATCH, lease=LEASE, owner=owner, at=at)
    stopped = suppressed_among(bytes(mail.person_key) for mail in mails if mail.person_key)
    unreachable: MailServerUnreachable | None = None
    with transports.mail_connection() as connection:
        for mail in mails:
            with MailMessage.objects.attempt(mail, owner=owner, at=at):
                try:
                    if unreachable:
                        raise unreachable
                    _send(mail, connection, stopped=stopped, owner=owner, at=at)
                except MailServerUnreachable as error:
                    unreachable = error
                    raise
    return len(mails)


def _send(
    mail: MailMessage,
    connection: BaseEmailBackend,
    *,
    stopped: set[bytes],
    owner: str,
    at: dt.datetime,
) -> None:
    if mail.person_key and bytes(mail.person_key) in stopped:
        raise MailRefused("this person asked us not to write any more")
    secret = settings.SECRET_KEY.encode()
    composed = transports.compose(
        to=mail.to_address,
        subject=mail.subject,
        body=fill_links(mail.body_text, mail_key=mail.key, secret=secret),
        headers={
            name: fill_links(value, mail_key=mail.key, secret=secret)
            for name, value in mail.headers.items()
        },
    )
    transports.connect(connection)
    MailMessage.objects.begin_dialogue(mail, owner=owner, at=at)
    transports.hand_over(connection, composed)
    MailMessage.objects.finish(mail, owner=owner, at=at)


@transaction.atomic
def resend_mails(*, mail_ids: Iterable[int], at: dt.datetime) -> int:
    """Queue failed or doubtful mails again because a person decided so; return how many."""
    again = MailMessage.objects.filter(pk__in=list(mail_ids)).replay(at=at)
    ring("mail.queued")
    return again


@transaction.atomic
def confirm_mail_sent(*, mail_id: int, at: dt.datetime) -> bool:
    """Say that a doubtful mail did arrive; return whether it was doubtful."""
    doubtful = MailMessage.objects.filter(pk=mail_id, state=MailState.UNKNOWN)
    return bool(doubtful.update(state=MailState.ACCEPTED, done_at=at, dead_at=None, last_error=""))
