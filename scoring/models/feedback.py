"""What people say of a score: that it is wrong, in which direction and why."""

import pghistory
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from config.lib.clock import AppNow
from scoring.choices import Band, FeedbackDirection
from scoring.models.scorecard import ScorecardVersion
from scoring.querysets import HealthQuerySet


@pghistory.track()
class ScoreFeedback(models.Model):
    """Somebody says that a score is wrong: which one, by which scorecard, and why."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="score_feedback")
    day = models.DateField(_("day"))
    score = models.FloatField(_("score"), null=True)
    band = models.CharField(_("band"), max_length=16, choices=Band)
    version = models.ForeignKey(ScorecardVersion, models.PROTECT, null=True, related_name="+")
    direction = models.CharField(_("the score is"), max_length=8, choices=FeedbackDirection)
    reason = models.TextField(_("reason"))
    metric = models.CharField(_("measure"), max_length=80, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("said"), db_default=AppNow())
    retracted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = HealthQuerySet.as_manager()

    class Meta:
        verbose_name = _("objection to a score")
        verbose_name_plural = _("objections to scores")
        indexes = [
            models.Index(fields=["account", "-created_at"], name="scoring_feedback_account"),
            models.Index(fields=["-created_at", "-id"], name="scoring_feedback_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.day}: {self.get_direction_display()}"
