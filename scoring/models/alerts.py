"""Alerts: open conditions of accounts, and the rules by which they open."""

import pghistory
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from scoring.choices import AlertCause, AlertClosing, AlertKind, Band, RunKind
from scoring.domain.alerts import LONGEST_COOL_DOWN
from scoring.models.health import HealthRun
from scoring.models.scorecard import ScorecardVersion
from scoring.querysets import AlertQuerySet, JudgingQuerySet


@pghistory.track()
class AlertRule(models.Model):
    """What the organisation decided about one kind of alert; without a row the default holds."""

    kind = models.CharField(_("kind"), max_length=16, choices=AlertKind, unique=True)
    is_active = models.BooleanField(_("on"), default=True)
    threshold = models.FloatField(_("threshold"))
    cool_down_days = models.PositiveSmallIntegerField(
        _("days of rest"), validators=[MinValueValidator(0), MaxValueValidator(LONGEST_COOL_DOWN)]
    )

    objects = JudgingQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert rule")
        verbose_name_plural = _("alert rules")

    def __str__(self) -> str:
        return str(AlertKind(self.kind).label)


class HealthAlert(models.Model):
    """A condition that holds since `opened_at`; runs open and close it, people judge it.

    One marked false stays until its condition clears, so that it does not open again at once. The
    row is news, too: whoever acts on alerts claims it through `acted_at`.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="health_alerts")
    kind = models.CharField(_("kind"), max_length=16, choices=AlertKind)
    opened_at = models.DateTimeField(_("since"))
    day = models.DateField(_("day"))
    run_kind = models.CharField(max_length=12, choices=RunKind)
    run = models.ForeignKey(
        HealthRun, models.SET_NULL, null=True, related_name="+", db_constraint=False
    )
    version = models.ForeignKey(
        ScorecardVersion, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    band = models.CharField(_("band"), max_length=16, choices=Band)
    from_band = models.CharField(_("from"), max_length=16, choices=Band, blank=True)
    score = models.FloatField(_("score"), null=True)
    before = models.FloatField(_("score before"), null=True)
    compared_on = models.DateField(_("compared with"), null=True)
    change = models.FloatField(_("change in 30 days"), null=True)
    cause = models.CharField(_("cause"), max_length=8, choices=AlertCause, blank=True)
    cause_place = models.PositiveSmallIntegerField(null=True)
    cause_points = models.FloatField(null=True)
    quiet_since = models.DateField(_("quiet since"), null=True)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    snoozed_until = models.DateTimeField(_("snoozed until"), null=True)
    false_at = models.DateTimeField(_("marked false"), null=True)
    false_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    false_reason = models.TextField(_("why it is false"), blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True)
    closed_as = models.CharField(_("closed because"), max_length=12, choices=AlertClosing,
                                 blank=True)  # fmt: skip
    acted_at = models.DateTimeField(null=True, editable=False)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        indexes = [
            models.Index(fields=["account", "-opened_at"], name="scoring_alert_account"),
            models.Index(fields=["-opened_at", "-id"], name="scoring_alert_newest"),
            models.Index(
                fields=["-opened_at", "-id"],
                condition=Q(closed_at__isnull=True),
                name="scoring_alert_open",
            ),
            models.Index(
                fields=["id"], condition=Q(acted_at__isnull=True), name="scoring_alert_news"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "kind"],
                condition=Q(closed_at__isnull=True),
                name="scoring_one_open_alert",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_as="")
                | (Q(closed_at__isnull=False) & ~Q(closed_as="")),
                name="scoring_alert_closed_with_why",
            ),
            models.CheckConstraint(
                condition=Q(false_at__isnull=True) | ~Q(false_reason=""),
                name="scoring_alert_false_with_why",
            ),
        ]

    def __str__(self) -> str:
        return str(AlertKind(self.kind).label)
