"""Records of surveys that have a page of their changes; answers have no history at all."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.registry import Audited, AuditedPart, audited, audited_parts
from surveys.models import Survey, Wave

audited.register("survey")(
    Audited(Survey, lambda row: reverse("surveys:detail", args=[row.pk]), account_path="")
)
audited_parts.register("survey.wave")(AuditedPart("survey", Wave, "survey_id", _("Wave")))
