"""Health as computed: runs, the newest score, one row a day, and every change of band."""

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from config.lib.clock import AppNow
from scoring.choices import Band, OverrideKind, OverrideVerdict, RunKind
from scoring.models.scorecard import ScorecardVersion
from scoring.querysets import HealthQuerySet, OverrideQuerySet


class HealthRun(models.Model):
    """One computation: facts that happened before `t` and were known at `k`, labelled `day`.

    Run again over the same (t, k) and versions it gives the same numbers.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=RunKind)
    day = models.DateField(_("day"))
    t = models.DateTimeField(_("facts before"))
    k = models.DateTimeField(_("as known at"))
    versions = models.JSONField(_("scorecard versions"), default=dict)
    engine = models.CharField(_("engine"), max_length=20)
    cohort_id = models.BigIntegerField(null=True)
    started_at = models.DateTimeField(db_default=AppNow())
    finished_at = models.DateTimeField(null=True)
    accounts = models.PositiveIntegerField(_("accounts"), default=0)
    transitions = models.PositiveIntegerField(_("changes of band"), default=0)
    seconds = models.FloatField(_("seconds"), default=0)

    class Meta:
        verbose_name = _("health run")
        verbose_name_plural = _("health runs")
        indexes = [models.Index(fields=["kind", "-day"], name="scoring_run_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["day"], condition=Q(kind="official"), name="scoring_one_official_run"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.day}"


class HealthShard(models.Model):
    """A span of account ids of an official run; whoever locks it computes it.

    `depth` counts the accounts above those of the shard: children come before their parents.
    """

    run = models.ForeignKey(HealthRun, models.CASCADE, related_name="shards")
    low_id = models.BigIntegerField()
    high_id = models.BigIntegerField()
    depth = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    accounts = models.PositiveIntegerField(default=0)
    transitions = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0)

    class Meta:
        indexes = [
            models.Index(
                fields=["run"], condition=Q(done_at__isnull=True), name="scoring_shard_open"
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["run", "depth", "low_id"], name="scoring_shard_once"),
        ]

    def __str__(self) -> str:
        return f"{self.low_id}–{self.high_id}"


class HealthCurrent(models.Model):
    """The newest health of an account, official or provisional: what lists and pages show.

    `state` is the band the recovery rule holds on to; it outlives days without enough data. `gate`
    is the place, among the gates of the version, of the first that binds; one past the last are the
    critical children of the roll-up. `let_go` is the score at which the recovery rule lets go of a
    band that is not the score's own.
    """

    account = models.OneToOneField(
        Account, models.CASCADE, primary_key=True, related_name="health", db_constraint=False
    )
    day = models.DateField(_("day"), null=True)
    score = models.FloatField(_("score"), null=True)
    computed = models.FloatField(_("computed score"), null=True)
    band = models.CharField(_("band"), max_length=16, choices=Band, default=Band.NOT_ENOUGH_DATA)
    state = models.PositiveSmallIntegerField(null=True, editable=False)
    gate = models.PositiveSmallIntegerField(_("binding gate"), null=True, editable=False)
    let_go = models.FloatField(_("the band is let go at"), null=True, editable=False)
    coverage = models.FloatField(_("coverage"), default=0)
    confidence = models.FloatField(_("confidence"), default=0)
    change_30d = models.FloatField(_("change in 30 days"), null=True)
    kind = models.CharField(_("kind"), max_length=12, choices=RunKind, default=RunKind.PROVISIONAL)
    version = models.ForeignKey(
        ScorecardVersion, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    run = models.ForeignKey(
        HealthRun, models.SET_NULL, null=True, related_name="+", db_constraint=False
    )
    computed_at = models.DateTimeField(_("computed"), null=True)

    objects = HealthQuerySet.as_manager()

    class Meta:
        verbose_name = _("health")
        verbose_name_plural = _("health")
        indexes = [
            models.Index(fields=["score", "account"], name="scoring_current_score"),
            models.Index(fields=["change_30d", "account"], name="scoring_current_change"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.get_band_display()}"


class HealthDaily(models.Model):
    """An account's health on one day; bands count 0 (critical) to 3 (expansion), NULL is none.

    `state` is the band the recovery rule holds on to, `rise` the band this official day would
    allow to rise into, `low` the worst band a provisional run of the day acted on. `kept` holds,
    of measures that carry forward, the last value and its day: {"nps": [30.0, "2026-06-01"]}.
    """

    pk = models.CompositePrimaryKey("day", "account_id")
    day = models.DateField()
    account = models.ForeignKey(
        Account, models.CASCADE, related_name="health_days", db_constraint=False, db_index=False
    )
    score = models.FloatField(null=True)
    computed = models.FloatField(null=True)
    base_weight = models.FloatField()
    coverage = models.FloatField()
    points = models.FloatField()
    corrections = ArrayField(models.FloatField())
    dimensions = ArrayField(models.FloatField(null=True))
    contributions = ArrayField(models.FloatField())
    band = models.PositiveSmallIntegerField(null=True)
    state = models.PositiveSmallIntegerField(null=True)
    rise = models.PositiveSmallIntegerField(null=True)
    low = models.PositiveSmallIntegerField(null=True)
    kept = models.JSONField(null=True)
    kind = models.CharField(max_length=12, choices=RunKind)
    version = models.ForeignKey(
        ScorecardVersion, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    run = models.ForeignKey(
        HealthRun, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )

    objects = HealthQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.day} {self.account_id}: {self.score}"


@pghistory.track()
class HealthOverride(models.Model):
    """A person's correction of a score, with its reason and its end; the computed one runs on.

    `computed` and `computed_band` are what the run said when it was set. Once it ran out, the
    account is computed again, claimed through `let_go_at`, and its author judges it.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="health_overrides")
    kind = models.CharField(_("kind"), max_length=8, choices=OverrideKind)
    value = models.FloatField(_("score"), null=True, blank=True)
    band = models.CharField(_("band"), max_length=16, choices=Band, blank=True)
    reason = models.TextField(_("reason"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    starts_at = models.DateTimeField(_("from"))
    expires_at = models.DateTimeField(_("until"))
    let_go_at = models.DateTimeField(
        _("computed again after its end"), null=True, blank=True, editable=False
    )
    computed = models.FloatField(_("computed score"), null=True, blank=True, editable=False)
    computed_band = models.CharField(
        _("computed band"), max_length=16, choices=Band, blank=True, editable=False
    )
    reviewed_at = models.DateTimeField(_("reviewed"), null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    verdict = models.CharField(_("verdict"), max_length=8, choices=OverrideVerdict, blank=True)
    verdict_note = models.TextField(_("note to the verdict"), blank=True)
    recorded_at = models.DateTimeField(db_default=AppNow(), editable=False)
    retracted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = OverrideQuerySet.as_manager()

    class Meta:
        verbose_name = _("override")
        verbose_name_plural = _("overrides")
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(retracted_at__isnull=True),
                name="scoring_one_standing_override",
            ),
            models.CheckConstraint(
                condition=Q(kind="band", band__gt="", value__isnull=True)
                | (~Q(kind="band") & Q(value__range=(0, 100), band="")),
                name="scoring_override_value_or_band",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("starts_at")), name="scoring_override_ends"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.get_kind_display()}"


class HealthTransition(models.Model):
    """An account's band changed; playbooks claim the row through `acted_at`."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="health_transitions")
    from_band = models.CharField(_("from"), max_length=16, choices=Band)
    to_band = models.CharField(_("to"), max_length=16, choices=Band)
    score = models.FloatField(_("score"), null=True)
    day = models.DateField(_("day"))
    at = models.DateTimeField(_("when"))
    kind = models.CharField(_("kind"), max_length=12, choices=RunKind)
    run = models.ForeignKey(HealthRun, models.SET_NULL, null=True, related_name="news")
    acted_at = models.DateTimeField(null=True, editable=False)

    objects = HealthQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of band")
        verbose_name_plural = _("changes of band")
        indexes = [
            models.Index(fields=["account", "-at"], name="scoring_transition_account"),
            models.Index(
                fields=["id"], condition=Q(acted_at__isnull=True), name="scoring_transition_news"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_band=models.F("to_band")), name="scoring_transition_moves"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.get_from_band_display()} → {self.get_to_band_display()}"
