"""What is asked and when: a survey with its wording in two languages, and its waves."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from config.lib.clock import AppNow
from surveys.choices import SurveyMode, WaveState
from surveys.querysets import SurveyQuerySet, WaveQuerySet
from surveys.registry import kind_choices


@pghistory.track(exclude=["created_at"])
class Survey(models.Model):
    """One set of questions. `texts` is the wording by language, frozen by the first wave."""

    kind = models.CharField(_("kind"), max_length=20, choices=kind_choices)
    mode = models.CharField(
        _("mode"), max_length=12, choices=SurveyMode, default=SurveyMode.IDENTIFIED
    )
    name = models.CharField(_("name"), max_length=120)
    texts = models.JSONField(_("wording"))
    retention_months = models.PositiveSmallIntegerField(_("months answers are kept"), default=36)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="surveys"
    )
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), db_default=AppNow(), editable=False)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        constraints = [
            # Nothing may call itself anonymous before the sealed path exists: not even the admin.
            models.CheckConstraint(
                condition=Q(mode=SurveyMode.IDENTIFIED), name="surveys_only_identified_yet"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="surveys_survey_named"),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Wave(models.Model):
    """A survey put to a set of people over some days. `closes_at` is the first instant too late."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="waves")
    name = models.CharField(_("name"), max_length=120)
    state = models.CharField(
        _("state"), max_length=8, choices=WaveState, default=WaveState.DRAFT, editable=False
    )
    opens_on = models.DateField(pgettext_lazy("wave", "opens on"))
    closes_on = models.DateField(pgettext_lazy("wave", "last day"))
    closes_at = models.DateTimeField(_("closes"), editable=False)
    report_on = models.DateField(_("results promised by"))

    objects = WaveQuerySet.as_manager()

    class Meta:
        verbose_name = _("wave")
        verbose_name_plural = _("waves")
        indexes = [
            models.Index(fields=["survey", "-opens_on"], name="surveys_wave_survey"),
            models.Index(
                fields=["closes_at"],
                condition=Q(state=WaveState.OPEN),
                name="surveys_wave_to_close",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__gte=models.F("opens_on")), name="surveys_wave_lasts"
            ),
            models.CheckConstraint(
                condition=Q(report_on__gte=models.F("closes_on")), name="surveys_report_after"
            ),
        ]

    def __str__(self) -> str:
        return self.name
