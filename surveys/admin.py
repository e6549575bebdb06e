"""Surveys and waves for operators. Invitations, links and answers are in no admin."""

from django.contrib import admin
from django.http import HttpRequest

from surveys.models import Survey, Wave


@admin.register(Survey)
class SurveyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Wording can be corrected; kind and mode are fixed when a survey is made."""

    list_display = ["name", "kind", "mode", "created_at", "archived_at"]
    list_filter = ["kind", "mode"]
    ordering = ["-created_at", "pk"]
    readonly_fields = ["kind", "mode", "created_by", "created_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Surveys are made on their own page, with the wording of their kind."""
        return False


@admin.register(Wave)
class WaveAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["name", "survey", "state", "opens_on", "closes_on", "report_on"]
    list_filter = ["state"]
    list_select_related = ["survey"]
    ordering = ["-opens_on", "pk"]
    readonly_fields = ["survey", "state", "opens_on", "closes_on", "closes_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A wave is opened on the page of its survey, which works out when it closes."""
        return False
