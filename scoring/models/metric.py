"""Metrics as stored: those that are data, the slot of each in the arrays, and the values."""

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import MD5, Cast
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Segment
from config.lib.clock import AppNow
from config.lib.formats import is_japanese
from scoring.choices import MetricUnit
from scoring.models.ingest import EventName
from scoring.querysets import CustomMetricQuerySet, MetricDefinitionQuerySet


class EventSeries(models.Model):
    """Events that are counted apart: those with certain properties, their sum, their people.

    Of one property the newest value of each day is kept (`NewestDay`; `codes` are the numbers its
    texts stand for), or which values it had (`ValueMonth`).

    Its rows in the roll-ups carry `series_id` = −id, so that no count of all events holds them
    twice. It is never changed: another filter is another series.
    """

    id = models.AutoField(primary_key=True)
    event = models.ForeignKey(EventName, models.PROTECT, null=True, related_name="series")
    filter = models.JSONField(_("with the properties"), default=dict)
    summed_property = models.CharField(_("property to sum"), max_length=200, blank=True)
    counts_users = models.BooleanField(_("count distinct users of it"), default=False)
    newest_of = models.CharField(
        _("property whose newest value is kept"), max_length=200, blank=True, db_default=""
    )
    values_of = models.CharField(
        _("property whose values are counted"), max_length=200, blank=True, db_default=""
    )
    codes = models.JSONField(_("numbers for its texts"), default=dict, db_default={})
    created_at = models.DateTimeField(db_default=AppNow(), editable=False)

    class Meta:
        verbose_name = _("events counted apart")
        verbose_name_plural = _("events counted apart")
        constraints = [
            models.UniqueConstraint(
                *("event", "filter", "summed_property", "counts_users", "newest_of", "values_of"),
                MD5(Cast("codes", models.TextField())),
                nulls_distinct=False,
                name="scoring_series_unique",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.filter}"


class MetricDefinition(models.Model):
    """A metric's place in the value arrays, counted from 1. A slot is never used again."""

    key = models.SlugField(_("key"), max_length=60, unique=True)
    slot = models.PositiveSmallIntegerField(unique=True, editable=False)
    created_at = models.DateTimeField(db_default=AppNow(), editable=False)

    objects = MetricDefinitionQuerySet.as_manager()

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


@pghistory.track(exclude=["updated_at"])
class CustomMetric(models.Model):
    """A metric the organisation made: a spec as data, and the rows its names mean."""

    definition = models.OneToOneField(
        MetricDefinition, models.PROTECT, related_name="custom", editable=False
    )
    key = models.SlugField(_("key"), max_length=60, unique=True)
    label_en = models.CharField(_("label in English"), max_length=120)
    label_ja = models.CharField(_("label in Japanese"), max_length=120)
    unit = models.CharField(_("unit"), max_length=8, choices=MetricUnit, default=MetricUnit.COUNT)
    higher_is_better = models.BooleanField(_("more is better"), null=True, blank=True)
    spec = models.JSONField(_("what it measures"))
    event = models.ForeignKey(
        EventName, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    over_event = models.ForeignKey(
        EventName, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    series = models.ForeignKey(
        EventSeries, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    segment = models.ForeignKey(
        Segment, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), db_default=AppNow(), editable=False)
    updated_at = models.DateTimeField(_("changed"), db_default=AppNow(), editable=False)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)

    objects = CustomMetricQuerySet.as_manager()

    class Meta:
        verbose_name = _("custom metric")
        verbose_name_plural = _("custom metrics")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(label_en="") & ~models.Q(label_ja=""),
                name="scoring_metric_named",
            ),
        ]

    def __str__(self) -> str:
        return self.label_ja if is_japanese() else self.label_en


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
