"""The organisation that runs this installation: exactly one row."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import Language
from accounts.querysets import OrganisationQuerySet
from config.lib.formats import is_japanese


@pghistory.track()
class Organisation(models.Model):
    """The company whose teams work here. Changes act at once; days that were closed stay."""

    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="Asia/Tokyo")
    country = models.CharField(_("country"), max_length=2, default="JP")
    currency = models.CharField(_("reporting currency"), max_length=3, default="JPY")
    language = models.CharField(
        _("language"), max_length=2, choices=Language, default=Language.JAPANESE
    )
    fiscal_year_month = models.PositiveSmallIntegerField(_("fiscal year starts in"), default=4)
    product_name = models.CharField(_("product"), max_length=200, blank=True)
    contact_address = models.EmailField(_("contact for customers"), blank=True)
    privacy_url = models.URLField(_("privacy policy"), blank=True)
    replay_days = models.PositiveIntegerField(_("days past scores can be replayed"), default=400)
    event_retention_days = models.PositiveIntegerField(_("days raw events are kept"), default=400)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisation")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="accounts_one_organisation"),
            models.CheckConstraint(
                condition=Q(fiscal_year_month__range=(1, 12)), name="accounts_fiscal_month"
            ),
        ]

    def __str__(self) -> str:
        return self.name_in(Language.JAPANESE if is_japanese() else Language.ENGLISH)

    def name_in(self, language: str) -> str:
        """Return what it is called in a text of this language."""
        return self.name_en if language == Language.ENGLISH and self.name_en else self.name
