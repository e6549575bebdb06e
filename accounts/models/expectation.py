"""What the organisation asks of each touch model, from a day on."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import StakeholderRoleKind, TouchModel
from accounts.querysets import ExpectationQuerySet
from config.lib.recorded import Recorded


@pghistory.track()
class TouchExpectation(Recorded):
    """From `starts_on` accounts of this touch model are to be talked to so often.

    Without a row the shipped numbers hold (`accounts.domain.expectations`).
    """

    touch_model = models.CharField(_("touch model"), max_length=4, choices=TouchModel)
    cadence_days = models.PositiveSmallIntegerField(null=True, blank=True)
    onboarding_cadence_days = models.PositiveSmallIntegerField(null=True, blank=True)
    near_cadence_days = models.PositiveSmallIntegerField(null=True, blank=True)
    required_roles = ArrayField(
        models.CharField(max_length=20, choices=StakeholderRoleKind), default=list, blank=True
    )

    objects = ExpectationQuerySet.as_manager()  # type: ignore[misc,assignment]

    class Meta(Recorded.Meta):
        verbose_name = _("touch expectation")
        verbose_name_plural = _("touch expectations")
        constraints = [
            *Recorded.Meta.constraints,
            models.UniqueConstraint(
                fields=["touch_model"],
                condition=Q(ends_on__isnull=True, retracted_at__isnull=True),
                name="accounts_one_open_expectation",
            ),
            models.CheckConstraint(
                condition=(Q(cadence_days__isnull=True) | Q(cadence_days__gte=1))
                & (Q(onboarding_cadence_days__isnull=True) | Q(onboarding_cadence_days__gte=1))
                & (Q(near_cadence_days__isnull=True) | Q(near_cadence_days__gte=1)),
                name="accounts_expectation_days",
            ),
        ]

    def __str__(self) -> str:
        return self.get_touch_model_display()
