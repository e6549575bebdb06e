"""Frozen distributions of metrics in cohorts: what percentiles and benchmarks are read from."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.lib.clock import AppNow


class CohortTable(models.Model):
    """One freezing of the book. A score is judged by the newest one valid at its (t, k)."""

    t = models.DateTimeField(_("valid from"))
    known_at = models.DateTimeField(_("known since"), db_default=AppNow())
    accounts = models.PositiveIntegerField(_("accounts"), default=0)

    class Meta:
        verbose_name = _("cohort table")
        verbose_name_plural = _("cohort tables")
        constraints = [models.UniqueConstraint(fields=["t"], name="scoring_cohort_table_once")]

    def __str__(self) -> str:
        return f"{self.t:%Y-%m-%d}"


class CohortQuantiles(models.Model):
    """How one metric was distributed in one cohort (see `scoring.domain.cohorts.Quantiles`).

    `audience` is the condition of the cohort as JSON in key order; empty is the whole book.
    """

    table = models.ForeignKey(CohortTable, models.CASCADE, related_name="quantiles")
    audience = models.CharField(max_length=300, blank=True)
    metric = models.CharField(max_length=60)
    n = models.PositiveIntegerField()
    knots = ArrayField(models.FloatField())
    below = ArrayField(models.FloatField())
    upto = ArrayField(models.FloatField())
    median = models.FloatField()
    mad = models.FloatField()

    class Meta:
        verbose_name = _("distribution of a metric")
        verbose_name_plural = _("distributions of metrics")
        constraints = [
            models.UniqueConstraint(
                fields=["table", "audience", "metric"], name="scoring_quantiles_unique"
            ),
            models.CheckConstraint(
                condition=models.Q(n__gte=1), name="scoring_quantiles_of_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.audience or '*'}"
