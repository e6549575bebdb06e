"""Addresses of health below `/api/v1/`."""

from django.urls import path

from scoring.api.views import HealthDiffView, HealthHistoryView, HealthView

app_name = "scoring_api"

urlpatterns = [
    path("accounts/<int:pk>/health/", HealthView.as_view(), name="health"),
    path("accounts/<int:pk>/health/history/", HealthHistoryView.as_view(), name="health_history"),
    path("accounts/<int:pk>/health/diff/", HealthDiffView.as_view(), name="health_diff"),
]
