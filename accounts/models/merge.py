"""Two records that were one: what a merge moved, and which look-alikes are none."""

import pghistory
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import MergeKind
from accounts.models.account import Account
from accounts.querysets import MergeQuerySet
from config.lib.clock import AppNow


@pghistory.track()
class MergeRecord(models.Model):
    """One account or contact went into another; the moves tell how to take it back.

    `account` is the account that stayed, or that of the contact who stayed. `values` holds, for
    each field the target took over, what it was and what it became.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=MergeKind)
    source_id = models.BigIntegerField(_("went"))
    target_id = models.BigIntegerField(_("stayed"))
    account = models.ForeignKey(Account, models.CASCADE, related_name="merge_records")
    values = models.JSONField(_("values taken over"), default=dict, encoder=DjangoJSONEncoder)
    merged_at = models.DateTimeField(_("merged"))
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        indexes = [
            models.Index(fields=["kind", "target_id"], name="accounts_merge_target"),
            models.Index(fields=["account", "-merged_at"], name="accounts_merge_account"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "source_id"],
                condition=Q(undone_at__isnull=True),
                name="accounts_merged_once",
            ),
            models.CheckConstraint(
                condition=~Q(source_id=F("target_id")), name="accounts_merge_of_two"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.source_id} → {self.target_id}"


class MergeMove(models.Model):
    """A row that a merge changed: some of its columns before and after; a new one has no before."""

    record = models.ForeignKey(MergeRecord, models.CASCADE, related_name="moves")
    part = models.CharField(max_length=40)
    effect = models.CharField(max_length=10)
    model = models.CharField(max_length=80)
    row_id = models.CharField(max_length=40)
    before = models.JSONField(null=True)
    after = models.JSONField()

    def __str__(self) -> str:
        return f"{self.model} {self.row_id}"


class DuplicateDismissal(models.Model):
    """Somebody looked at two records and said that they are two."""

    kind = models.CharField(max_length=10, choices=MergeKind)
    low_id = models.BigIntegerField()
    high_id = models.BigIntegerField()
    dismissed_at = models.DateTimeField(db_default=AppNow())
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "low_id", "high_id"], name="accounts_dismissed_once"
            ),
            models.CheckConstraint(
                condition=Q(low_id__lt=F("high_id")), name="accounts_dismissal_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.low_id} ≠ {self.high_id}"
