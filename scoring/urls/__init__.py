"""Addresses of the scoring app's pages; those of ingestion stand in `ingest`."""

from django.urls import URLPattern, path

from scoring.urls import scorecards, validations
from scoring.views import alerts, kpi_targets, measurements, overrides, quality, reports
from scoring.views.event_names import event_edit, event_list
from scoring.views.metrics import (
    metric_archive,
    metric_edit,
    metric_list,
    metric_new,
    metric_restore,
)
from scoring.views.write_keys import (
    write_key_edit,
    write_key_list,
    write_key_new,
    write_key_revoke,
    write_key_rotate,
)

app_name = "scoring"
urlpatterns: list[URLPattern] = [
    path("reports/", reports.report, name="report"),
    path("reports/accounts/", reports.report_accounts, name="report_accounts"),
    path("reports/file/", reports.report_file, name="report_file"),
    path("reports/targets/", kpi_targets.target_list, name="kpi_targets"),
    path("reports/targets/<slug:kpi>/", kpi_targets.target_edit, name="kpi_target"),
    path("data-quality/", quality.sources, name="quality_sources"),
    path("data-quality/sources/<int:pk>/", quality.source, name="quality_source"),
    path("data-quality/sources/<int:pk>/owner/", quality.source_owner, name="source_owner"),
    path("data-quality/sources/<int:pk>/replay/", quality.source_replay, name="source_replay"),
    path("data-quality/events/", event_list, name="event_names"),
    path("data-quality/events/<int:pk>/", event_edit, name="event_name"),
    path("data-quality/unknown/", quality.unknown, name="quality_unknown"),
    path("data-quality/unknown/<int:pk>/give/", quality.unknown_give, name="unknown_give"),
    path("data-quality/unknown/<int:pk>/make/", quality.unknown_make, name="unknown_make"),
    path("data-quality/accounts/", quality.accounts, name="quality_accounts"),
    path("data-quality/measurements/", quality.measurements, name="quality_measurements"),
    path("measurements/new/", measurements.measurement_new, name="measurement_new"),
    path(
        "measurements/<int:pk>/retract/",
        measurements.measurement_retract,
        name="measurement_retract",
    ),
    path("settings/write-keys/", write_key_list, name="write_keys"),
    path("settings/write-keys/new/", write_key_new, name="write_key_new"),
    path("settings/write-keys/<int:pk>/", write_key_edit, name="write_key_edit"),
    path("settings/write-keys/<int:pk>/revoke/", write_key_revoke, name="write_key_revoke"),
    path("settings/write-keys/<int:pk>/rotate/", write_key_rotate, name="write_key_rotate"),
    path("alerts/", alerts.alert_list, name="alerts"),
    path("alerts/quality/", alerts.alert_quality, name="alert_quality"),
    path("alerts/bulk/", alerts.alert_bulk, name="alert_bulk"),
    path("alerts/<int:pk>/acknowledge/", alerts.alert_acknowledge, name="alert_acknowledge"),
    path("alerts/<int:pk>/unacknowledge/", alerts.alert_unacknowledge, name="alert_unacknowledge"),
    path("alerts/<int:pk>/false/", alerts.alert_false, name="alert_false"),
    path("alerts/<int:pk>/true/", alerts.alert_true, name="alert_true"),
    path("alerts/<int:pk>/snooze/", alerts.alert_snooze, name="alert_snooze"),
    path("alerts/<int:pk>/wake/", alerts.alert_wake, name="alert_wake"),
    path("settings/alerts/", alerts.rule_list, name="alert_rules"),
    path("settings/alerts/<slug:kind>/", alerts.rule_edit, name="alert_rule"),
    path("accounts/<int:pk>/override/", overrides.override_set, name="override_set"),
    path("accounts/<int:pk>/override/end/", overrides.override_end, name="override_end"),
    path("overrides/<int:pk>/review/", overrides.override_review, name="override_review"),
    path("accounts/<int:pk>/score-feedback/", overrides.feedback_new, name="feedback_new"),
    path("score-feedback/<int:pk>/retract/", overrides.feedback_retract, name="feedback_retract"),
    *scorecards.urlpatterns,
    *validations.urlpatterns,
    path("settings/metrics/", metric_list, name="metric_list"),
    path("settings/metrics/new/", metric_new, name="metric_new"),
    path("settings/metrics/<int:pk>/", metric_edit, name="metric_edit"),
    path("settings/metrics/<int:pk>/archive/", metric_archive, name="metric_archive"),
    path("settings/metrics/<int:pk>/restore/", metric_restore, name="metric_restore"),
]
