"""Scorecards: which accounts they are for, and their versions, immutable once published."""

import datetime as dt

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.models import Segment
from config.lib.clock import AppNow
from scoring.choices import ScorecardState
from scoring.querysets import ScorecardQuerySet

#: A shipped scorecard acts for every day there is, so that the past can be computed with it.
FROM_THE_BEGINNING = dt.date(2000, 1, 1)


@pghistory.track()
class Scorecard(models.Model):
    """A way to judge accounts. The first one by `position` whose condition holds is taken."""

    key = models.SlugField(_("key"), max_length=60, unique=True)
    name_en = models.CharField(_("name in English"), max_length=120)
    name_ja = models.CharField(_("name in Japanese"), max_length=120)
    position = models.PositiveSmallIntegerField(_("order"), default=100)
    condition = models.JSONField(_("for accounts with"), default=dict, blank=True)
    is_default = models.BooleanField(_("for all others"), default=False)
    is_shipped = models.BooleanField(default=False, editable=False)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)

    objects = ScorecardQuerySet.as_manager()

    class Meta:
        verbose_name = _("scorecard")
        verbose_name_plural = _("scorecards")
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=Q(is_default=True, archived_at__isnull=True),
                name="scoring_one_default_scorecard",
            ),
        ]

    def __str__(self) -> str:
        if (translation.get_language() or "en").startswith("ja"):
            return self.name_ja
        return self.name_en


@pghistory.track()
class ScorecardVersion(models.Model):
    """One wording of a scorecard; published ones act from `effective_on` and never change.

    With a `pilot_segment` it acts for that segment alone, from `effective_on` until it is
    promoted, and from `promoted_on` for everybody, or until it is `withdrawn_on`.
    """

    scorecard = models.ForeignKey(Scorecard, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    state = models.CharField(
        _("state"), max_length=10, choices=ScorecardState, default=ScorecardState.DRAFT
    )
    schema_version = models.PositiveSmallIntegerField(default=1, editable=False)
    definition = models.JSONField(_("definition"))
    digest = models.CharField(max_length=64, editable=False)
    effective_on = models.DateField(_("acts from"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    note = models.TextField(_("why"), blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    rejected_at = models.DateTimeField(_("rejected"), null=True, blank=True)
    rejection = models.TextField(_("why it was rejected"), blank=True)
    reverts_to = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    pilot_segment = models.ForeignKey(
        Segment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("pilot on segment"),
    )
    promoted_on = models.DateField(_("acts for everybody from"), null=True, blank=True)
    withdrawn_on = models.DateField(_("withdrawn from"), null=True, blank=True)
    created_at = models.DateTimeField(db_default=AppNow(), editable=False)
    updated_at = models.DateTimeField(db_default=AppNow(), editable=False)

    objects = ScorecardQuerySet.as_manager()

    class Meta:
        verbose_name = _("scorecard version")
        verbose_name_plural = _("scorecard versions")
        constraints = [
            models.UniqueConstraint(
                fields=["scorecard", "number"], name="scoring_version_number_unique"
            ),
            models.CheckConstraint(
                condition=~Q(state="published")
                | Q(effective_on__isnull=False, published_at__isnull=False),
                name="scoring_published_has_dates",
            ),
            models.CheckConstraint(
                condition=Q(promoted_on__isnull=True, withdrawn_on__isnull=True)
                | Q(pilot_segment__isnull=False),
                name="scoring_only_pilots_are_promoted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scorecard} {self.number}"

    @property
    def is_from_the_beginning(self) -> bool:
        """Say whether it acts for every day there is, as a shipped one does."""
        return self.effective_on == FROM_THE_BEGINNING
