"""Which words in a title stand for which level, where the organisation changed them."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.choices import Seniority
from accounts.querysets import DirectoryQuerySet


@pghistory.track()
class SeniorityWords(models.Model):
    """The words that make a title one of this level; without a row the shipped ones hold."""

    level = models.CharField(_("level"), max_length=10, choices=Seniority, unique=True)
    words = ArrayField(models.CharField(max_length=120), verbose_name=_("words"), default=list)

    objects = DirectoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("words of a level of titles")
        verbose_name_plural = _("words of levels of titles")

    def __str__(self) -> str:
        return self.get_level_display()
