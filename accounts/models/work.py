"""Rows that say what is to be done, and keys other systems know our rows by."""

import pghistory
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account
from accounts.querysets import ExternalRefQuerySet
from config.lib.clock import AppNow


class DirtyAccount(models.Model):
    """Facts of this account changed since its score was computed; written by every such service.

    Locked by the recompute through its computation, so no lease is needed.
    """

    account = models.OneToOneField(
        Account, models.CASCADE, primary_key=True, related_name="dirty", db_constraint=False
    )
    first_at = models.DateTimeField()
    since = models.DateTimeField()
    reason = models.CharField(max_length=40)

    class Meta:
        verbose_name = _("account to score again")
        verbose_name_plural = _("accounts to score again")

    def __str__(self) -> str:
        return f"{self.account_id}: {self.reason}"


class ScheduleSlot(models.Model):
    """A periodic piece of work was taken up for this slot; the key pair lets one beat win."""

    pk = models.CompositePrimaryKey("key", "slot_at")
    key = models.CharField(max_length=80)
    slot_at = models.DateTimeField()
    taken_at = models.DateTimeField(db_default=AppNow())
    done_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.key} @ {self.slot_at}"


@pghistory.track()
class ExternalRef(models.Model):
    """Another system's id for one of our rows, beside its own `external_id`."""

    kind = models.CharField(_("kind"), max_length=20)
    object_id = models.BigIntegerField(_("row"))
    source = models.CharField(_("source"), max_length=40)
    value = models.CharField(_("id in another system"), max_length=200)

    objects = ExternalRefQuerySet.as_manager()

    class Meta:
        verbose_name = _("id in another system")
        verbose_name_plural = _("ids in other systems")
        indexes = [
            models.Index(fields=["kind", "object_id"], name="accounts_ref_object"),
            models.Index(fields=["kind", "value"], name="accounts_ref_value"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "source", "value"], name="accounts_external_ref_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.value}"


class IdempotencyKey(models.Model):
    """A write request that was answered; the same key answers the same for 24 hours."""

    owner = models.CharField(max_length=80)
    key = models.CharField(max_length=200)
    body_digest = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(null=True)
    response = models.JSONField(null=True)
    headers = models.JSONField(default=dict, db_default={})
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True)
    created_at = models.DateTimeField(db_default=AppNow(), db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "key"], name="accounts_idempotency_unique"),
        ]

    def __str__(self) -> str:
        return self.key
