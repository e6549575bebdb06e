"""What scoring adds to the histories: its records and settings, and corrections of scores."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.choices import RecordKind
from accounts.querysets import administers, works_here
from accounts.registry import (
    Audited,
    AuditedPage,
    AuditedPart,
    audited,
    audited_pages,
    audited_parts,
    each_value,
    told_columns,
)
from scoring.models import (
    AlertRule,
    CustomMetric,
    EventName,
    HealthOverride,
    KpiTarget,
    Scorecard,
    ScorecardVersion,
    ScoreFeedback,
    WriteKey,
)
from scoring.querysets import may_read_reports
from scoring.selectors import change_words as words

_RECORDS = {
    "eventname": Audited(EventName, lambda row: reverse("scoring:event_names"), account_path=""),
    "custommetric": Audited(
        CustomMetric, lambda row: reverse("scoring:metric_list"), account_path=""
    ),
    "scorecard": Audited(
        Scorecard,
        lambda row: reverse("scoring:scorecard_detail", args=[row.pk]),
        account_path="",
    ),
    "writekey": Audited(
        WriteKey, lambda row: reverse("scoring:quality_source", args=[row.pk]), account_path=""
    ),
}
_PARTS = (
    AuditedPart(
        "account", HealthOverride, "account_id", _("Override of the score"), kind=RecordKind.HEALTH
    ),
    AuditedPart(
        "account", ScoreFeedback, "account_id", _("Objection to the score"), kind=RecordKind.HEALTH
    ),
    AuditedPart("scorecard", ScorecardVersion, "scorecard_id", _("Version")),
)
_PAGES = {
    "alerts": AuditedPage(_("Alert rules"), "scoring:alert_rules", (AlertRule,), works_here),
    "targets": AuditedPage(_("Targets"), "scoring:kpi_targets", (KpiTarget,), may_read_reports),
    "metrics": AuditedPage(_("Measures"), "scoring:metric_list", (CustomMetric,), works_here),
    "write-keys": AuditedPage(_("Write keys"), "scoring:write_keys", (WriteKey,), administers),
}
_TOLD: dict[str, Any] = {
    "scoring.scorecard.condition": words.audience_changes,
    "scoring.scorecardversion.definition": words.definition_changes,
    "scoring.custommetric.spec": each_value(words.spec_word),
    "scoring.kpitarget.kpi": each_value(words.kpi_word),
    "scoring.kpitarget.period": each_value(words.period_word),
    "scoring.writekey.allowed_traits": each_value(words.trait_words),
}

for key, record in _RECORDS.items():
    audited.register(key)(record)
for part in _PARTS:
    audited_parts.register(f"{part.record}.{part.model._meta.model_name}")(part)
for key, page in _PAGES.items():
    audited_pages.register(key)(page)
for key, tell in _TOLD.items():
    told_columns.register(key)(tell)
