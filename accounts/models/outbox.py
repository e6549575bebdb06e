"""The outbox: every mail we mean to send is a row first, and addresses we must not write to."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import Language, MailState, SuppressionReason
from accounts.models.account import Account
from accounts.models.contact import Contact
from accounts.querysets import MailMessageQuerySet, SuppressionQuerySet
from config.lib.claims import Claimable
from config.lib.clock import AppNow


class MailMessage(Claimable):
    """One mail to one person, sent at most once. `key` says what it is, so it is made once.

    Links that only the addressee may hold are not in here: `body_text` and `headers` carry the
    placeholder `{{link:purpose}}`, which is filled while sending (`accounts.domain.mail_links`).
    `dialogue_at` is committed before the first byte goes to the mail server: a lease that runs
    out after that leaves the row *unknown*, and only a person decides what happens then.
    """

    key = models.CharField(_("key"), max_length=200)
    state = models.CharField(
        _("state"), max_length=10, choices=MailState, default=MailState.QUEUED, editable=False
    )
    account = models.ForeignKey(
        Account, models.SET_NULL, null=True, blank=True, related_name="mail_messages"
    )
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="mail_messages"
    )
    person_key = models.BinaryField(max_length=32, null=True, editable=False)
    to_address = models.EmailField(_("addressee"), max_length=254)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    subject = models.CharField(_("subject"), max_length=200)
    body_text = models.TextField(_("text"))
    headers = models.JSONField(_("headers"), default=dict, blank=True)
    dialogue_at = models.DateTimeField(_("handed over"), null=True, editable=False)
    created_at = models.DateTimeField(_("created"), db_default=AppNow(), editable=False)

    objects = MailMessageQuerySet.as_manager()

    class Meta(Claimable.Meta):
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        indexes = [
            *Claimable.Meta.indexes,
            models.Index(fields=["-created_at", "-id"], name="accounts_mail_newest"),
            models.Index(fields=["account", "-created_at"], name="accounts_mail_account"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="accounts_mail_key"),
            models.CheckConstraint(
                condition=~Q(state=MailState.ACCEPTED) | Q(done_at__isnull=False),
                name="accounts_mail_accepted_is_done",
            ),
            models.CheckConstraint(
                condition=~Q(state=MailState.UNKNOWN)
                | Q(dialogue_at__isnull=False, dead_at__isnull=False),
                name="accounts_mail_unknown_is_dead",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Suppression(models.Model):
    """We must not mail this person any more. Only the keyed hash of the address is kept."""

    person_key = models.BinaryField(max_length=32, editable=False)
    reason = models.CharField(_("reason"), max_length=12, choices=SuppressionReason)
    created_at = models.DateTimeField(_("suppressed since"), db_default=AppNow(), editable=False)
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suppressed address")
        verbose_name_plural = _("suppressed addresses")
        constraints = [
            models.UniqueConstraint(
                fields=["person_key", "reason"],
                condition=Q(lifted_at__isnull=True),
                name="accounts_suppressed_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} {bytes(self.person_key).hex()[:8]}"
