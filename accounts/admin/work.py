"""Long work and what it left: jobs, imports, exports, merges, erasures, rules; all to look at."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin.base import ReadOnlyAdmin
from accounts.models import (
    Erasure,
    Export,
    ImportRun,
    Inlet,
    InletDelivery,
    Job,
    MergeRecord,
    RetentionRule,
    Segment,
    StakeholderRelation,
)
from config.lib.replay import replay_dead


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """What was given up after five attempts can be tried again."""

    list_display = ("id", "kind", "state", "requested_by", "attempts", "created_at", "dead_at")
    list_filter = ("kind", "state", ("dead_at", admin.EmptyFieldListFilter))
    list_select_related = ("requested_by",)
    search_fields = ("=id", "requested_by__email", "error")
    date_hierarchy = "created_at"
    ordering = ("-pk",)
    actions = ("replay",)

    @admin.action(description=_("Try again what was given up"), permissions=["replay"])
    def replay(self, request: HttpRequest, queryset: Any) -> None:
        replay_dead(self, request, queryset)

    def has_replay_permission(self, request: HttpRequest) -> bool:
        """Whoever may change jobs in principle may have them tried again."""
        return request.user.has_perm("accounts.change_job")


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnlyAdmin):
    list_display = ("id", "kind", "file_name", "size", "is_dry_run", "job", "expires_at")
    list_filter = ("kind", "is_dry_run")
    list_select_related = ("job",)
    search_fields = ("=id", "file_name", "sha256")
    ordering = ("-pk",)
    exclude = ("file", "error_file")


@admin.register(Inlet)
class InletAdmin(ReadOnlyAdmin):
    list_display = ("name", "prefix", "kind", "owner", "is_signed", "created_at", "revoked_at")
    list_filter = ("kind", ("revoked_at", admin.EmptyFieldListFilter))
    list_select_related = ("owner",)
    search_fields = ("name", "prefix")
    ordering = ("-pk",)
    exclude = ("digest",)


@admin.register(InletDelivery)
class InletDeliveryAdmin(ReadOnlyAdmin):
    list_display = ("id", "inlet", "size", "received_at", "opened_at", "problem", "run")
    list_filter = ("problem", ("opened_at", admin.EmptyFieldListFilter))
    list_select_related = ("inlet", "run")
    search_fields = ("=id",)
    date_hierarchy = "received_at"
    ordering = ("-pk",)
    exclude = ("body", "message_key")


@admin.register(Export)
class ExportAdmin(ReadOnlyAdmin):
    list_display = ("id", "kind", "source", "format", "rows", "size", "job", "expires_at")
    list_filter = ("kind", "source", "format")
    list_select_related = ("job",)
    search_fields = ("=id", "file_name", "sha256")
    ordering = ("-pk",)
    exclude = ("file",)


@admin.register(MergeRecord)
class MergeRecordAdmin(ReadOnlyAdmin):
    list_display = ("id", "kind", "account", "source_id", "target_id", "merged_at", "merged_by",
                    "undone_at")  # fmt: skip
    list_filter = ("kind", ("undone_at", admin.EmptyFieldListFilter))
    list_select_related = ("account", "merged_by")
    search_fields = ("=source_id", "=target_id", "account__search_text")
    date_hierarchy = "merged_at"
    ordering = ("-pk",)


@admin.register(Erasure)
class ErasureAdmin(ReadOnlyAdmin):
    list_display = ("id", "reference", "requested_by", "created_at", "applied_at")
    list_select_related = ("requested_by",)
    search_fields = ("reference", "requested_by__email")
    date_hierarchy = "created_at"
    ordering = ("-pk",)


@admin.register(RetentionRule)
class RetentionRuleAdmin(ReadOnlyAdmin):
    list_display = ("key", "days")
    search_fields = ("key",)
    ordering = ("key",)


@admin.register(Segment)
class SegmentAdmin(ReadOnlyAdmin):
    list_display = ("key", "name_en", "name_ja", "stage", "is_shipped", "updated_at")
    list_filter = ("stage", "is_shipped", ("archived_at", admin.EmptyFieldListFilter))
    search_fields = ("key", "name_en", "name_ja")
    ordering = ("key",)


@admin.register(StakeholderRelation)
class StakeholderRelationAdmin(ReadOnlyAdmin):
    list_display = ("from_contact", "kind", "to_contact", "account", "starts_on", "ends_on")
    list_filter = ("kind", ("retracted_at", admin.EmptyFieldListFilter))
    list_select_related = ("from_contact", "to_contact", "account")
    search_fields = ("from_contact__search_text", "to_contact__search_text")
    ordering = ("-pk",)
