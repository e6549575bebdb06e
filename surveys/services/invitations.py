"""Invite contacts to a wave: who may be asked, one link each, one mail each.

Set-based: a constant number of statements for any number of contacts. One advisory lock lets
invitations pass one after another, so that two waves at once can't both ask the same person.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.choices import AccountRoleKind, ContactState, Language
from accounts.models import AccountRole, Contact, Organisation
from accounts.services.merges.moves import keep_merges_off
from accounts.services.outbox import (
    MailDraft,
    mail_link,
    person_key_of,
    queue_mails,
    suppressed_among,
)
from config.lib.formats import day
from config.lib.problems import Conflict
from surveys.choices import HoldReason, LinkScope
from surveys.domain.invitation_mail import Addressee, address
from surveys.domain.throttle import YEAR, Asked, may_be_asked
from surveys.domain.wording import fill
from surveys.models import Invitation, InvitationToken, Wave

_LOCK = 7_300_001
_BATCH = 1000


class WaveNotOpen(Conflict):
    """Only an open wave takes invitations."""

    code = "wave_not_open"
    title = _("This wave is not open.")


@dataclass(frozen=True)
class InvitationReport:
    """How many were invited, and how many not, by reason."""

    invited: int
    held: dict[HoldReason, int]


@transaction.atomic
def invite_contacts(*, wave: Wave, contact_ids: Iterable[int], at: dt.datetime) -> InvitationReport:
    """Invite those contacts who may be asked now; the others are counted by reason.

    :raises WaveNotOpen: when the wave is closed, or its time is over.
    """
    _one_at_a_time()
    wave = Wave.objects.select_related("survey").get(pk=wave.pk)
    if not Wave.objects.open_at(at).filter(pk=wave.pk).exists():
        raise WaveNotOpen
    today = Organisation.objects.day_of(at)
    contacts = list(
        Contact.objects.filter(pk__in=list(contact_ids)).select_related("account").order_by("pk")
    )
    chosen, held = _choose(contacts, wave=wave, today=today)
    invitations = [
        Invitation(
            wave=wave,
            account=contact.account,
            contact=contact,
            person_key=key,
            language=_language_of(contact),
            invited_on=today,
        )
        for contact, key in chosen
    ]
    Invitation.objects.bulk_create(invitations, batch_size=_BATCH)
    InvitationToken.objects.bulk_create(
        [token for invitation in invitations for token in _tokens(invitation, wave)],
        batch_size=_BATCH,
    )
    queue_mails(drafts=_mails(invitations, wave=wave, today=today), at=at)
    return InvitationReport(invited=len(invitations), held=dict(held))


def invitation_key(invitation: Invitation) -> str:
    """Return the outbox key of the first mail of an invitation."""
    return f"survey/{invitation.pk}/invitation/1"


def _one_at_a_time() -> None:
    keep_merges_off()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _choose(
    contacts: list[Contact], *, wave: Wave, today: dt.date
) -> tuple[list[tuple[Contact, bytes]], Counter[HoldReason]]:
    keys = {contact.pk: person_key_of(contact.email) for contact in contacts if contact.email}
    stopped = suppressed_among(keys.values())
    history, in_wave = _asked_before(set(keys.values()), wave=wave, today=today)
    chosen: list[tuple[Contact, bytes]] = []
    held: Counter[HoldReason] = Counter()
    for contact in contacts:
        key = keys.get(contact.pk, b"")
        if _has_left(contact, today) or contact.archived_at:
            held[HoldReason.LEFT] += 1
        elif not key:
            held[HoldReason.NO_ADDRESS] += 1
        elif key in stopped:
            held[HoldReason.SUPPRESSED] += 1
        elif key in in_wave:
            held[HoldReason.ASKED_ALREADY] += 1
        elif not may_be_asked(kind=wave.survey.kind, today=today, before=history[key]):
            held[HoldReason.ASKED_RECENTLY] += 1
        else:
            in_wave.add(key)
            chosen.append((contact, key))
    return chosen, held


def _has_left(contact: Contact, today: dt.date) -> bool:
    begun = contact.state_on is None or contact.state_on <= today
    return contact.state == ContactState.LEFT and begun


def _asked_before(
    keys: set[bytes], *, wave: Wave, today: dt.date
) -> tuple[dict[bytes, list[Asked]], set[bytes]]:
    """Return each person's invitations of the last year, and who is in this wave already."""
    history: dict[bytes, list[Asked]] = defaultdict(list)
    in_wave: set[bytes] = set()
    rows = Invitation.objects.filter(
        person_key__in=keys, invited_on__gt=today - dt.timedelta(days=YEAR)
    ).values_list("person_key", "wave__survey__kind", "invited_on", "wave_id")
    for person, kind, on, wave_id in rows:
        history[bytes(person)].append(Asked(kind, on))
        if wave_id == wave.pk:
            in_wave.add(bytes(person))
    return history, in_wave


def _language_of(contact: Contact) -> str:
    return contact.language if contact.language in Language.values else Language.ENGLISH


def _tokens(invitation: Invitation, wave: Wave) -> list[InvitationToken]:
    expiries = {LinkScope.ANSWER: wave.closes_at, LinkScope.UNSUBSCRIBE: None}
    return [
        InvitationToken(
            digest=mail_link(key=invitation_key(invitation), purpose=scope)[1],
            invitation=invitation,
            scope=scope,
            expires_at=expires_at,
        )
        for scope, expires_at in expiries.items()
    ]


def _mails(invitations: list[Invitation], *, wave: Wave, today: dt.date) -> Iterable[MailDraft]:
    organisation = Organisation.objects.get(pk=1)
    managers = _managers({invitation.account_id for invitation in invitations}, today=today)
    for invitation in invitations:
        with translation.override(invitation.language):
            manager = managers.get(invitation.account_id)
            sender = str(manager.user) if manager else gettext("Customer success team")
            yield _mail(invitation, wave, organisation, sender)


def _managers(account_ids: set[int], *, today: dt.date) -> dict[int, AccountRole]:
    standing: Any = AccountRole.objects.current().holding_on(today)
    roles = standing.filter(
        account_id__in=account_ids, role=AccountRoleKind.MANAGER
    ).select_related("user")
    return {role.account_id: role for role in roles}


def _mail(invitation: Invitation, wave: Wave, organisation: Organisation, sender: str) -> MailDraft:
    contact, language = invitation.contact, invitation.language
    texts = wave.survey.texts[language]
    unsubscribe_url = f"{settings.SITE_URL}/u/{{{{link:unsubscribe}}}}/"
    values = {
        "product": organisation.product_name or organisation.name_in(language),
        "closes_on": day(wave.closes_on),
        "addressee": address(_addressee(contact, language), language=language),
        "sender": sender,
        "sender_company": organisation.name_in(language),
        "contact": organisation.contact_address or settings.DEFAULT_FROM_EMAIL,
        "survey_url": f"{settings.SITE_URL}/s/{{{{link:answer}}}}/?lang={language}",
        "unsubscribe_url": f"{unsubscribe_url}?lang={language}",
    }
    return MailDraft(
        key=invitation_key(invitation),
        to=contact.email,
        language=language,
        subject=fill(texts["mail_subject"], values),
        body_text=fill(texts["mail_body"], values),
        headers={
            "List-Unsubscribe": f"<{unsubscribe_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        account_id=invitation.account_id,
        contact_id=invitation.contact_id,
    )


def _addressee(contact: Contact, language: str) -> Addressee:
    latin = language != Language.JAPANESE
    return Addressee(
        company=contact.account.name,
        department=contact.department,
        title=contact.title,
        family_name=(latin and contact.family_name_latin) or contact.family_name,
        given_name=(latin and contact.given_name_latin) or contact.given_name,
    )
