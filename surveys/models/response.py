"""What people said with their name on it."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import Language
from accounts.models import Account, Contact
from config.lib.clock import AppNow
from surveys.models.invitation import Invitation
from surveys.models.survey import Survey, Wave
from surveys.querysets import ResponseQuerySet
from surveys.registry import kind_choices

LONGEST_COMMENT = 2000


class Response(models.Model):
    """One identified answer: a fact of its account that is known from `recorded_at`.

    `score` answers the survey's main question on the scale of its `kind` (0–10 for NPS); `kind`
    is repeated here so that a metric needs no join. `csat` (1–5) is the optional side question.
    Not in the history tables, because those hold no survey content.
    """

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="responses")
    wave = models.ForeignKey(Wave, models.PROTECT, related_name="responses")
    invitation = models.OneToOneField(
        Invitation, models.SET_NULL, null=True, editable=False, related_name="response"
    )
    account = models.ForeignKey(Account, models.CASCADE, related_name="survey_responses")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="survey_responses")
    kind = models.CharField(_("kind"), max_length=20, choices=kind_choices)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    score = models.PositiveSmallIntegerField(_("score"), validators=[MaxValueValidator(10)])
    csat = models.PositiveSmallIntegerField(_("satisfaction"), null=True, blank=True)
    comment = models.TextField(_("comment"), max_length=LONGEST_COMMENT, blank=True)
    answered_at = models.DateTimeField(_("answered"))
    recorded_at = models.DateTimeField(db_default=AppNow(), editable=False)
    retracted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        indexes = [
            models.Index(
                fields=["account", "-answered_at", "-id"], name="surveys_response_account"
            ),
            models.Index(fields=["wave", "-answered_at", "-id"], name="surveys_response_wave"),
            models.Index(fields=["kind", "answered_at"], name="surveys_response_kind"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(score__range=(0, 10)), name="surveys_score_range"),
            models.CheckConstraint(
                condition=Q(csat__isnull=True) | Q(csat__range=(1, 5)), name="surveys_csat_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
