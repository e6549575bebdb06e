"""What the organisation wants of its KPIs."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Segment, Team
from scoring.querysets import KpiTargetQuerySet


@pghistory.track()
class KpiTarget(models.Model):
    """What is wanted of one KPI in a period, of everybody, a team with those below, or a segment.

    `period` is a code such as FY2026 or FY2026-Q3 (see `scoring.domain.periods`).
    """

    kpi = models.CharField(_("KPI"), max_length=20)
    period = models.CharField(_("period"), max_length=10)
    team = models.ForeignKey(
        Team, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("team")
    )
    segment = models.ForeignKey(
        Segment, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("segment")
    )
    rate = models.DecimalField(_("rate"), max_digits=8, decimal_places=5, null=True, blank=True)
    count = models.PositiveIntegerField(_("count"), null=True, blank=True)
    amount = models.DecimalField(
        _("amount"), max_digits=18, decimal_places=2, null=True, blank=True
    )

    objects = KpiTargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("KPI target")
        verbose_name_plural = _("KPI targets")
        constraints = [
            models.UniqueConstraint(
                fields=["kpi", "period", "team", "segment"],
                nulls_distinct=False,
                name="scoring_one_kpi_target",
            ),
            models.CheckConstraint(
                condition=Q(team__isnull=True) | Q(segment__isnull=True),
                name="scoring_kpi_target_one_scope",
            ),
            models.CheckConstraint(
                condition=Q(rate__isnull=False) | Q(count__isnull=False) | Q(amount__isnull=False),
                name="scoring_kpi_target_wants_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kpi} {self.period}"
