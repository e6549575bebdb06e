"""What-ifs, back-tests and linkages that were asked for; their reports are kept."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Job
from scoring.choices import ValidationKind
from scoring.models.scorecard import Scorecard, ScorecardVersion
from scoring.querysets import ValidationQuerySet


class Validation(models.Model):
    """A definition held against the book or its past; the job's result is the report.

    `definition` is what was judged, word for word: a draft may change afterwards. A linkage is
    about the metrics and has neither scorecard nor definition.
    """

    job = models.OneToOneField(Job, models.CASCADE, related_name="validation")
    kind = models.CharField(_("kind"), max_length=10, choices=ValidationKind)
    scorecard = models.ForeignKey(
        Scorecard, models.CASCADE, null=True, blank=True, related_name="validations"
    )
    version = models.ForeignKey(
        ScorecardVersion, models.SET_NULL, null=True, blank=True, related_name="validations"
    )
    definition = models.JSONField(_("definition"), null=True, blank=True)
    months = models.PositiveSmallIntegerField(
        _("months"), default=12, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    horizon_days = models.PositiveSmallIntegerField(
        _("days ahead"), default=180, validators=[MinValueValidator(30), MaxValueValidator(365)]
    )

    objects = ValidationQuerySet.as_manager()

    class Meta:
        verbose_name = _("validation")
        verbose_name_plural = _("validations")
        indexes = [
            models.Index(fields=["scorecard", "kind", "-id"], name="scoring_validation_card")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"
