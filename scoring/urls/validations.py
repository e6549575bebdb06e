"""What-if, back-test, and what goes along with what."""

from django.urls import path

from scoring.views import validations as views

urlpatterns = [
    path("scorecards/linkage/", views.linkage, name="linkage"),
    path("scorecards/<slug:key>/what-if/", views.what_if, name="what_if"),
    path("scorecards/<slug:key>/backtest/", views.backtest, name="backtest"),
    path("validations/", views.index, name="validation_list"),
    path("validations/<int:pk>/", views.detail, name="validation_detail"),
    path("validations/<int:pk>/cancel/", views.cancel, name="validation_cancel"),
]
