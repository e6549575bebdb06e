"""Minutes a team starts from, and colleagues who are named in what was written of a talk."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.touchpoint import Touchpoint
from accounts.querysets import DirectoryQuerySet, MentionQuerySet
from config.lib.clock import AppNow


@pghistory.track()
class MinutesTemplate(models.Model):
    """Headings for the minutes of one type of talk, as this organisation writes them.

    A row with the key of a shipped template stands in its place; `is_hidden` takes one out of use.
    """

    key = models.SlugField(_("key"), max_length=40, unique=True)
    type = models.CharField(_("type"), max_length=20)
    name = models.CharField(_("name"), max_length=80)
    purpose = models.CharField(_("purpose"), max_length=300, blank=True)
    body = models.TextField(_("text"), blank=True)
    decisions = models.TextField(_("decisions"), blank=True)
    is_hidden = models.BooleanField(_("not offered"), default=False)

    objects = DirectoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("template of minutes")
        verbose_name_plural = _("templates of minutes")

    def __str__(self) -> str:
        return self.name


class TouchpointMention(models.Model):
    """News: somebody was named in a talk with `@`; whom it is for says when it was seen."""

    touchpoint = models.ForeignKey(
        Touchpoint, models.CASCADE, related_name="mentions", db_index=False
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, db_index=False)
    recorded_at = models.DateTimeField(db_default=AppNow(), editable=False)
    seen_at = models.DateTimeField(_("seen"), null=True, blank=True)
    notified_at = models.DateTimeField(_("notified"), null=True, blank=True, editable=False)

    objects = MentionQuerySet.as_manager()

    class Meta:
        verbose_name = _("mention in a touchpoint")
        verbose_name_plural = _("mentions in touchpoints")
        constraints = [
            models.UniqueConstraint(fields=["touchpoint", "user"], name="accounts_mention_unique"),
        ]
        indexes = [
            models.Index(
                fields=["user", "-recorded_at", "-id"],
                condition=Q(seen_at__isnull=True),
                name="accounts_mention_unseen",
            ),
            models.Index(
                fields=["id"],
                condition=Q(notified_at__isnull=True),
                name="accounts_mention_untold",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.touchpoint}"
