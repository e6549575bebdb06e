"""Segments: rule trees over the field registry, and who was in them when."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account
from accounts.querysets import DirectoryQuerySet
from config.lib.clock import AppNow


@pghistory.track(exclude=["updated_at"])
class Segment(models.Model):
    """A named rule over accounts; `stage` is the highest app whose fields it uses."""

    key = models.SlugField(_("key"), max_length=60, unique=True)
    name_en = models.CharField(_("name in English"), max_length=120)
    name_ja = models.CharField(_("name in Japanese"), max_length=120)
    rule = models.JSONField(_("rule"))
    stage = models.CharField(max_length=20, editable=False, default="accounts")
    is_shipped = models.BooleanField(default=False, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=AppNow(), editable=False)
    updated_at = models.DateTimeField(db_default=AppNow(), editable=False)

    objects = DirectoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")

    def __str__(self) -> str:
        if (translation.get_language() or "en").startswith("ja"):
            return self.name_ja
        return self.name_en


class SegmentMembership(models.Model):
    """An account was in a segment from `entered_at` until `left_at`."""

    segment = models.ForeignKey(Segment, models.CASCADE, related_name="memberships")
    account = models.ForeignKey(Account, models.CASCADE, related_name="segment_memberships")
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["segment", "account"],
                condition=Q(left_at__isnull=True),
                name="accounts_one_open_membership",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} ∈ {self.segment}"
