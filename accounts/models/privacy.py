"""What was erased for ever, and how long each kind of data is kept."""

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.jobs import Job
from accounts.querysets import ErasureQuerySet
from config.lib.clock import AppNow


class Erasure(models.Model):
    """A person was erased on request: keyed hashes and numbers of rows, never a name.

    `user_keys` are hashes of the ids under which systems sent events of theirs.

    After a restore of an older backup it is applied again (`reapply_erasures`).
    """

    person_key = models.BinaryField(max_length=32, null=True, editable=False)
    contacts = ArrayField(models.BigIntegerField(), verbose_name=_("contacts"), default=list)
    user_keys = ArrayField(
        models.BinaryField(max_length=32),
        verbose_name=_("user ids"),
        default=list,
        blank=True,
        editable=False,
    )
    reference = models.CharField(_("reference"), max_length=100, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="erasures"
    )
    job = models.OneToOneField(
        Job, models.SET_NULL, null=True, blank=True, related_name="erasure", editable=False
    )
    counts = models.JSONField(_("rows blanked"), default=dict, blank=True)
    created_at = models.DateTimeField(_("asked for"), db_default=AppNow(), editable=False)
    applied_at = models.DateTimeField(_("last applied"), null=True, blank=True, editable=False)

    objects = ErasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        constraints = [
            models.CheckConstraint(
                condition=Q(person_key__isnull=False) | ~Q(contacts=[]),
                name="accounts_erasure_of_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


@pghistory.track()
class RetentionRule(models.Model):
    """The organisation keeps one kind of data for so many days; empty means for ever."""

    key = models.SlugField(_("kind of data"), max_length=60, unique=True)
    days = models.PositiveIntegerField(_("days"), null=True, blank=True)

    class Meta:
        verbose_name = _("retention rule")
        verbose_name_plural = _("retention rules")
        constraints = [
            models.CheckConstraint(
                condition=Q(days__isnull=True) | Q(days__gte=1), name="accounts_retention_days"
            ),
        ]

    def __str__(self) -> str:
        return self.key
