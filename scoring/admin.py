"""Who may send events, what came in, what waits for its account, and pushed measurements."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin.base import HistoryAdminMixin, ReadOnlyAdmin, ReadOnlyInline, ServiceAdmin
from accounts.admin.history import register_history
from accounts.models import User
from config.lib.clock import app_now
from scoring.choices import TraitField
from scoring.models import (
    AlertRule,
    CustomMetric,
    EventName,
    EventQuarantine,
    HealthAlert,
    HealthCurrent,
    HealthOverride,
    HealthRun,
    HealthTransition,
    IngestBatch,
    KpiTarget,
    Measurement,
    MetricDefinition,
    Scorecard,
    ScorecardVersion,
    ScoreFeedback,
    Validation,
    WaitingKey,
    WriteKey,
)
from scoring.services.event_names import give_meaning
from scoring.services.ingest.batches import replay_dead_batches
from scoring.services.write_keys import issue_write_key, revoke_write_key


class WriteKeyForm(ModelForm):  # type: ignore[type-arg]
    allowed_traits = forms.MultipleChoiceField(
        label=_("fields that traits may change"),
        choices=TraitField.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = WriteKey
        fields = ["name", "owner", "creates_accounts", "team", "allowed_traits"]


@admin.register(WriteKey)
class WriteKeyAdmin(HistoryAdminMixin, admin.ModelAdmin):  # type: ignore[type-arg]
    form = WriteKeyForm
    search_fields = ["name", "prefix"]
    list_filter = [("revoked_at", admin.EmptyFieldListFilter)]
    show_full_result_count = False
    list_display = ["name", "prefix", "creates_accounts", "created_at", "revoked_at"]
    ordering = ["name", "pk"]
    actions = ["revoke"]

    def save_model(self, request: HttpRequest, obj: WriteKey, form: Any, change: bool) -> None:
        """Give a new key its secret and show it this once."""
        if change:
            super().save_model(request, obj, form, change)
            return
        secret = issue_write_key(write_key=obj)
        shown = gettext("Copy the write key now, it is not shown again: %(key)s") % {"key": secret}
        messages.warning(request, shown)

    def has_delete_permission(self, request: HttpRequest, obj: WriteKey | None = None) -> bool:
        """A key is revoked, never deleted: what it sent names it."""
        return False

    @admin.action(description=_("Revoke the selected write keys"))
    def revoke(self, request: HttpRequest, queryset: QuerySet[WriteKey]) -> None:
        if not self.has_change_permission(request):
            raise PermissionDenied
        at = app_now()
        for write_key in queryset:
            revoke_write_key(write_key=write_key, at=at)


@admin.register(IngestBatch)
class IngestBatchAdmin(ReadOnlyAdmin):
    search_fields = ["=id", "last_error"]
    date_hierarchy = "received_at"
    list_display = ["id", "write_key", "received_at", "items", "attempts", "done_at", "dead_at"]
    list_filter = [("dead_at", admin.EmptyFieldListFilter)]
    list_select_related = ["write_key"]
    exclude = ["body"]
    ordering = ["-pk"]
    show_full_result_count = False
    actions = ["replay"]

    @admin.action(description=_("Try the batches that were given up again"), permissions=["replay"])
    def replay(self, request: HttpRequest, queryset: QuerySet[IngestBatch]) -> None:
        ids = list(queryset.values_list("pk", flat=True))
        replay_dead_batches(ids=ids, at=app_now())

    def has_replay_permission(self, request: HttpRequest) -> bool:
        """Whoever may change batches in principle may have them tried again."""
        return request.user.has_perm("scoring.change_ingestbatch")


@admin.register(EventQuarantine)
class EventQuarantineAdmin(ReadOnlyAdmin):
    list_display = ["id", "group_key", "user_key", "kind", "name", "occurred_at", "received_at"]
    search_fields = ["=group_key", "=user_key"]
    exclude = ["properties"]
    ordering = ["-pk"]
    show_full_result_count = False


@admin.register(WaitingKey)
class WaitingKeyAdmin(ReadOnlyAdmin):
    list_display = ["key", "kind", "events", "write_key", "first_at", "last_at"]
    list_filter = ["kind"]
    list_select_related = ["write_key"]
    search_fields = ["=key"]
    ordering = ["-events", "-pk"]
    show_full_result_count = False


@admin.register(EventName)
class EventNameAdmin(ServiceAdmin):
    list_display = ["name", "meaning", "is_key_feature", "counts_users", "summed_property",
                    "last_on"]  # fmt: skip
    list_filter = ["meaning", "is_key_feature"]
    search_fields = ["name"]
    readonly_fields = ["name", "last_on"]
    ordering = ["name", "pk"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Names come with events."""
        return False

    def change(self, row: EventName, values: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        give_meaning(event=row, changes=values, by=by, at=at)


@admin.register(Measurement)
class MeasurementAdmin(ReadOnlyAdmin):
    list_display = ("key", "account", "value", "measured_at", "recorded_at", "retracted_at")
    list_filter = (("retracted_at", admin.EmptyFieldListFilter),)
    list_select_related = ("account",)
    search_fields = ("=key", "external_id", "account__search_text")
    ordering = ("-measured_at", "-pk")


@admin.register(HealthRun)
class HealthRunAdmin(ReadOnlyAdmin):
    """What was computed, over which facts; the same again gives the same numbers."""

    list_display = ["id", "kind", "day", "accounts", "transitions", "seconds", "started_at",
                    "finished_at"]  # fmt: skip
    list_filter = ["kind", ("finished_at", admin.EmptyFieldListFilter)]
    search_fields = ["=id", "engine"]
    date_hierarchy = "day"
    ordering = ["-pk"]


@admin.register(HealthCurrent)
class HealthCurrentAdmin(ReadOnlyAdmin):
    list_display = ["account", "score", "band", "coverage", "kind", "day", "computed_at"]
    list_filter = ["band", "kind"]
    list_select_related = ["account"]
    search_fields = ["account__search_text"]
    ordering = ["pk"]
    exclude = ["parts"]


@admin.register(HealthTransition)
class HealthTransitionAdmin(ReadOnlyAdmin):
    list_display = ["account", "from_band", "to_band", "score", "day", "at", "kind"]
    list_filter = ["to_band", "from_band", "kind", ("acted_at", admin.EmptyFieldListFilter)]
    list_select_related = ["account"]
    search_fields = ["account__search_text"]
    date_hierarchy = "day"
    ordering = ["-pk"]


@admin.register(HealthOverride)
class HealthOverrideAdmin(ReadOnlyAdmin):
    list_display = ["account", "kind", "value", "band", "author", "starts_at", "expires_at"]
    list_filter = ["kind", ("retracted_at", admin.EmptyFieldListFilter)]
    list_select_related = ["account", "author"]
    search_fields = ["account__search_text", "author__email"]
    date_hierarchy = "starts_at"
    ordering = ["-pk"]


@admin.register(HealthAlert)
class HealthAlertAdmin(ReadOnlyAdmin):
    list_display = ["account", "kind", "band", "score", "opened_at", "closed_at", "false_at"]
    list_filter = ["kind", "closed_as", ("false_at", admin.EmptyFieldListFilter)]
    list_select_related = ["account"]
    search_fields = ["account__search_text"]
    date_hierarchy = "opened_at"
    ordering = ["-pk"]
    show_full_result_count = False


@admin.register(AlertRule)
class AlertRuleAdmin(ReadOnlyAdmin):
    list_display = ["kind", "is_active", "threshold", "cool_down_days"]
    search_fields = ["kind"]
    ordering = ["kind"]


@admin.register(KpiTarget)
class KpiTargetAdmin(ReadOnlyAdmin):
    list_display = ["kpi", "period", "team", "segment", "rate", "count", "amount"]
    list_filter = ["kpi", "period"]
    list_select_related = ["team", "segment"]
    search_fields = ["=kpi", "=period"]
    ordering = ["period", "kpi", "pk"]


@admin.register(ScoreFeedback)
class ScoreFeedbackAdmin(ReadOnlyAdmin):
    list_display = ["account", "direction", "band", "day", "author", "created_at", "retracted_at"]
    list_filter = ["direction", "band", ("retracted_at", admin.EmptyFieldListFilter)]
    list_select_related = ["account", "author"]
    search_fields = ["account__search_text", "author__email"]
    date_hierarchy = "created_at"
    ordering = ["-pk"]


class ScorecardVersions(ReadOnlyInline):
    model = ScorecardVersion
    fields = ("number", "state", "effective_on", "published_at", "published_by")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("published_by", "scorecard")


@admin.register(Scorecard)
class ScorecardAdmin(ReadOnlyAdmin):
    """Definitions are published through the service: what was published stays as it was."""

    list_display = ["key", "name_en", "name_ja", "position", "is_default", "archived_at"]
    list_filter = ["is_default", "is_shipped", ("archived_at", admin.EmptyFieldListFilter)]
    search_fields = ["key", "name_en", "name_ja"]
    ordering = ["position", "pk"]
    inlines = [ScorecardVersions]


@admin.register(ScorecardVersion)
class ScorecardVersionAdmin(ReadOnlyAdmin):
    """What every version says, word for word, and who wrote and published it."""

    list_display = ["__str__", "state", "effective_on", "pilot_segment", "author", "published_by"]
    list_filter = ["state", ("pilot_segment", admin.EmptyFieldListFilter)]
    list_select_related = ["scorecard", "pilot_segment", "author", "published_by"]
    search_fields = ["scorecard__key", "scorecard__name_en", "scorecard__name_ja", "note"]
    date_hierarchy = "updated_at"
    ordering = ["-pk"]


@admin.register(Validation)
class ValidationAdmin(ReadOnlyAdmin):
    """What-ifs, back-tests and linkages that were asked for; their reports have pages."""

    list_display = ["__str__", "scorecard", "version", "months", "horizon_days"]
    list_filter = ["kind"]
    list_select_related = ["scorecard", "version", "version__scorecard"]
    search_fields = ["scorecard__key"]
    ordering = ["-pk"]


@admin.register(MetricDefinition)
class MetricDefinitionAdmin(ReadOnlyAdmin):
    list_display = ["key", "slot", "created_at"]
    search_fields = ["key"]
    ordering = ["key"]


register_history("scoring")


@admin.register(CustomMetric)
class CustomMetricAdmin(ReadOnlyAdmin):
    """Measures of the organisation; they are written in the settings, where names are checked."""

    list_display = ("key", "label_en", "label_ja", "unit", "created_at", "archived_at")
    list_filter = ("unit", ("archived_at", admin.EmptyFieldListFilter))
    search_fields = ("key", "label_en", "label_ja")
    ordering = ("key", "pk")
