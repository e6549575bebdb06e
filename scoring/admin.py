"""Who may send events, what came in, what waits for its account, and pushed measurements."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.lib.clock import app_now
from scoring.choices import TraitField
from scoring.models import EventName, EventQuarantine, IngestBatch, Measurement, WriteKey
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
        fields = ["name", "creates_accounts", "team", "allowed_traits"]


@admin.register(WriteKey)
class WriteKeyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = WriteKeyForm
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


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """What machines write is looked at, not edited."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(IngestBatch)
class IngestBatchAdmin(ReadOnlyAdmin):
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


@admin.register(EventName)
class EventNameAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["name", "counts_users", "summed_property"]
    search_fields = ["name"]
    readonly_fields = ["name"]
    ordering = ["name", "pk"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Names come with events."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: EventName | None = None) -> bool:
        """Roll-ups go by the name."""
        return False


@admin.register(Measurement)
class MeasurementAdmin(ReadOnlyAdmin):
    list_display = ("key", "account", "value", "measured_at", "recorded_at", "retracted_at")
    list_filter = (("retracted_at", admin.EmptyFieldListFilter),)
    list_select_related = ("account",)
    search_fields = ("=key", "external_id", "account__search_text")
    ordering = ("-measured_at", "-pk")
