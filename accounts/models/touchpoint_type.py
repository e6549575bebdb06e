"""Types of talks as the organisation names and orders them."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import Direction, TouchpointIcon
from accounts.querysets import DirectoryQuerySet


@pghistory.track()
class TouchpointType(models.Model):
    """A type of talk of the organisation's own, or what it changed of a shipped one.

    What is empty in the row of a shipped type is as shipped, so that its order can change without
    its words. Talks keep the key.
    """

    key = models.SlugField(_("key"), max_length=20, unique=True)
    label_ja = models.CharField(_("name (Japanese)"), max_length=40, blank=True)
    label_en = models.CharField(_("name (English)"), max_length=40, blank=True)
    icon = models.CharField(_("icon"), max_length=30, choices=TouchpointIcon, blank=True)
    direction = models.CharField(
        _("usual direction"),
        max_length=10,
        choices=[choice for choice in Direction.choices if choice[0] != Direction.INTERNAL],
        blank=True,
    )
    duration_minutes = models.PositiveSmallIntegerField(_("usual minutes"), null=True, blank=True)
    place = models.PositiveIntegerField(_("place"), null=True, blank=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)

    objects = DirectoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("type of touchpoint")
        verbose_name_plural = _("types of touchpoints")
        constraints = [
            models.CheckConstraint(
                condition=~Q(key="internal_note") | Q(direction=""),
                name="accounts_note_has_no_direction",
            ),
            models.CheckConstraint(
                condition=~Q(direction="internal"), name="accounts_only_notes_are_internal"
            ),
        ]

    def __str__(self) -> str:
        return self.label_en or self.key
