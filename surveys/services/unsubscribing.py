"""End our mails to a person who asks for it by the link in any of them."""

from django.db import transaction

from accounts.choices import SuppressionReason
from accounts.domain.mail_links import link_digest
from accounts.services.outbox import suppress
from surveys.models import Invitation, InvitationToken
from surveys.services.answers import LinkNotValid


def find_unsubscriber(*, link: str) -> Invitation:
    """Return the invitation whose mail carried this link; it stays good after the survey.

    :raises LinkNotValid: for an invented link.
    """
    token = (
        InvitationToken.objects.unsubscribing(link_digest(link))
        .select_related("invitation")
        .first()
    )
    if token is None:
        raise LinkNotValid
    return token.invitation  # type: ignore[no-any-return]


@transaction.atomic
def unsubscribe(*, link: str) -> None:
    """Suppress the person behind the link; asking twice is the same.

    :raises LinkNotValid: for an invented link.
    """
    invitation = find_unsubscriber(link=link)
    suppress(person_key=bytes(invitation.person_key), reason=SuppressionReason.UNSUBSCRIBED)
