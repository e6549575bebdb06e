"""Playbooks, what they did and the tasks, for administrators; writes go through the services."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin.base import HistoryAdminMixin
from accounts.admin.history import register_history
from config.lib.clock import app_now
from playbooks.choices import RunState
from playbooks.models import Playbook, PlaybookRun, PlaybookVersion, RunStep, Task
from playbooks.services.playbooks import switch_playbook
from playbooks.services.runs import stop_run


class _ReadOnly:
    """Rows that only services write."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class VersionInline(_ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = PlaybookVersion
    fields = ["number", "state", "published_at", "created_by"]
    ordering = ["-number"]
    extra = 0


@admin.register(Playbook)
class PlaybookAdmin(HistoryAdminMixin, admin.ModelAdmin):  # type: ignore[type-arg]
    """Names are edited here; definitions are published through the service."""

    search_fields = ["key", "name_en", "name_ja"]
    list_filter = ["is_active"]
    show_full_result_count = False
    list_display = ["key", "name_en", "name_ja", "is_active", "active_since"]
    ordering = ["key"]
    fields = ["key", "name_en", "name_ja", "is_active", "active_since", "archived_at"]
    readonly_fields = ["key", "is_active", "active_since"]
    inlines = [VersionInline]
    actions = ["switch_on", "switch_off"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Playbook | None = None) -> bool:
        """A playbook is archived, never deleted: its runs name it."""
        return False

    @admin.action(description=_("Switch the selected playbooks on"))
    def switch_on(self, request: HttpRequest, queryset: QuerySet[Playbook]) -> None:
        self._switch(request, queryset, is_active=True)

    @admin.action(description=_("Switch the selected playbooks off"))
    def switch_off(self, request: HttpRequest, queryset: QuerySet[Playbook]) -> None:
        self._switch(request, queryset, is_active=False)

    def _switch(
        self, request: HttpRequest, queryset: QuerySet[Playbook], *, is_active: bool
    ) -> None:
        if not self.has_change_permission(request):
            raise PermissionDenied
        at = app_now()
        for playbook in queryset:
            switch_playbook(playbook=playbook, is_active=is_active, at=at)


class StepInline(_ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = RunStep
    fields = ["position", "key", "role", "due_on", "state", "opened_at", "settled_at"]
    ordering = ["position"]
    extra = 0


@admin.register(PlaybookRun)
class PlaybookRunAdmin(_ReadOnly, HistoryAdminMixin, admin.ModelAdmin):  # type: ignore[type-arg]
    search_fields = ["account__search_text", "playbook__key"]
    date_hierarchy = "entered_at"
    show_full_result_count = False
    list_display = ["account", "playbook", "state", "outcome", "reason", "entered_at", "ended_at"]
    list_filter = ["playbook", "state", "outcome", "reason"]
    list_select_related = ["account", "playbook"]
    ordering = ["-entered_at", "-pk"]
    inlines = [StepInline]
    actions = ["stop"]

    @admin.action(description=_("Stop the selected runs"), permissions=["view"])
    def stop(self, request: HttpRequest, queryset: QuerySet[PlaybookRun]) -> None:
        if not request.user.has_perm("playbooks.change_playbookrun"):
            raise PermissionDenied
        at = app_now()
        for run in queryset.filter(state=RunState.RUNNING):
            stop_run(run=run, at=at)


@admin.register(Task)
class TaskAdmin(_ReadOnly, HistoryAdminMixin, admin.ModelAdmin):  # type: ignore[type-arg]
    date_hierarchy = "due_on"
    show_full_result_count = False
    list_display = ["called", "account", "assignee", "status", "due_on", "outcome"]
    list_filter = ["status", "priority", "outcome", "assigned_role"]
    list_select_related = ["account", "assignee"]
    search_fields = ["title_en", "title_ja", "account__name"]
    ordering = ["-due_on", "-pk"]

    @admin.display(description=_("Task"))
    def called(self, row: Task) -> str:
        return row.title


register_history("playbooks")
