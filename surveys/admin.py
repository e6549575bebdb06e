"""Surveys and waves for operators. Invitations, links and answers are in no admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin.base import HistoryAdminMixin
from accounts.admin.history import register_history
from surveys.models import Survey, Wave


class KeptAdmin(HistoryAdminMixin, admin.ModelAdmin):  # type: ignore[type-arg]
    """What people were asked stays: answers go by it."""

    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Survey)
class SurveyAdmin(KeptAdmin):
    """Wording can be corrected; kind and mode are fixed when a survey is made."""

    search_fields = ["name"]
    list_display = ["name", "kind", "mode", "created_at", "archived_at"]
    list_filter = ["kind", "mode"]
    ordering = ["-created_at", "pk"]
    readonly_fields = ["kind", "mode", "created_by", "created_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Surveys are made on their own page, with the wording of their kind."""
        return False


@admin.register(Wave)
class WaveAdmin(KeptAdmin):
    search_fields = ["name", "survey__name"]
    date_hierarchy = "opens_on"
    list_display = ["name", "survey", "state", "opens_on", "closes_on", "report_on"]
    list_filter = ["state"]
    list_select_related = ["survey"]
    ordering = ["-opens_on", "pk"]
    readonly_fields = ["survey", "state", "opens_on", "closes_on", "closes_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A wave is opened on the page of its survey, which works out when it closes."""
        return False


register_history("surveys")
