"""Addresses of health below `/api/v1/`."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from scoring.api.alert_rules import AlertRuleViewSet
from scoring.api.alerts import AlertViewSet
from scoring.api.ingest import EventNameViewSet, UnknownIdViewSet, WriteKeyViewSet
from scoring.api.kpi_targets import KpiTargetViewSet
from scoring.api.kpis import KpisView
from scoring.api.measurements import MeasurementViewSet
from scoring.api.metrics import MetricViewSet
from scoring.api.overrides import FeedbackViewSet, OverrideView
from scoring.api.scorecards import ScorecardVersionViewSet, ScorecardViewSet
from scoring.api.validations import ValidationViewSet
from scoring.api.views import HealthDiffView, HealthHistoryView, HealthView

router = SimpleRouter()
router.register("measurements", MeasurementViewSet, basename="measurement")
router.register("alerts", AlertViewSet, basename="healthalert")
router.register("alert-rules", AlertRuleViewSet, basename="alertrule")
router.register("write-keys", WriteKeyViewSet, basename="writekey")
router.register("event-names", EventNameViewSet, basename="eventname")
router.register("unknown-ids", UnknownIdViewSet, basename="waitingkey")
router.register("score-feedback", FeedbackViewSet, basename="scorefeedback")
router.register("validations", ValidationViewSet, basename="validation")
router.register("kpi-targets", KpiTargetViewSet, basename="kpitarget")
router.register("metrics", MetricViewSet, basename="metric")
router.register("scorecards", ScorecardViewSet, basename="scorecard")
router.register("scorecard-versions", ScorecardVersionViewSet, basename="scorecardversion")

app_name = "scoring_api"

urlpatterns = [
    path("accounts/<int:pk>/health/", HealthView.as_view(), name="health"),
    path("accounts/<int:pk>/health/history/", HealthHistoryView.as_view(), name="health_history"),
    path("accounts/<int:pk>/health/override/", OverrideView.as_view(), name="health_override"),
    path("accounts/<int:pk>/health/diff/", HealthDiffView.as_view(), name="health_diff"),
    path("kpis/", KpisView.as_view(), name="kpis"),
    *router.urls,
]
