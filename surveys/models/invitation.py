"""Who was asked, and the links they hold.

These two tables are shared with the sealed path to come, so they obey its rules already: UUIDv4
keys that say nothing about order, no instant at which somebody answered, no history.
"""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.choices import Language
from accounts.models import Account, Contact
from surveys.choices import LinkScope
from surveys.models.survey import Wave
from surveys.querysets import InvitationQuerySet, InvitationTokenQuerySet


class Invitation(models.Model):
    """One contact is asked once in a wave. `answered` prevents a second answer, nothing more."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wave = models.ForeignKey(Wave, models.PROTECT, related_name="invitations")
    account = models.ForeignKey(Account, models.CASCADE, related_name="survey_invitations")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="survey_invitations")
    person_key = models.BinaryField(max_length=32, editable=False)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    invited_on = models.DateField(_("invited on"))
    answered = models.BooleanField(_("answered"), default=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        indexes = [
            models.Index(fields=["person_key", "invited_on"], name="surveys_invited_person"),
            models.Index(fields=["account", "invited_on"], name="surveys_invited_account"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["wave", "contact"], name="surveys_invited_once"),
            models.UniqueConstraint(fields=["wave", "person_key"], name="surveys_person_once"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class InvitationToken(models.Model):
    """A link sent by mail. Only its SHA-256 is stored; an unsubscribing link never expires."""

    digest = models.BinaryField(max_length=32, primary_key=True, editable=False)
    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="tokens")
    scope = models.CharField(_("good for"), max_length=11, choices=LinkScope)
    expires_at = models.DateTimeField(_("expires"), null=True)

    objects = InvitationTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey link")
        verbose_name_plural = _("survey links")

    def __str__(self) -> str:
        return f"{self.scope} {self.invitation_id}"
