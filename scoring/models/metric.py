"""Metrics as stored: which slot of the arrays a metric has, and the values of each account."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from config.lib.clock import AppNow


class MetricDefinition(models.Model):
    """A metric's place in the value arrays, counted from 1. A slot is never used again."""

    key = models.SlugField(_("key"), max_length=60, unique=True)
    slot = models.PositiveSmallIntegerField(unique=True, editable=False)
    created_at = models.DateTimeField(db_default=AppNow(), editable=False)

    class Meta:
        verbose_name = _("metric")
        verbose_name_plural = _("metrics")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(slot__gte=1), name="scoring_metric_slot_from_one"
            ),
        ]

    def __str__(self) -> str:
        return self.key


class MetricValue(models.Model):
    """The newest values of an account, one array element a metric; NULL means missing.

    Values do not move with the clock: where a metric counts days, `seen` holds the date they are
    counted from and `v` what they are divided by. So silent accounts are not rewritten.
    """

    account = models.OneToOneField(
        Account,
        models.CASCADE,
        primary_key=True,
        related_name="metric_value",
        db_constraint=False,
    )
    v = ArrayField(models.FloatField(null=True))
    seen = ArrayField(models.DateField(null=True))
    known_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.account_id)
