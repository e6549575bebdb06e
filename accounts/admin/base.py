"""How the admin writes: what was changed in the form goes to a service, with who and when."""

import datetime as dt
from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from config.lib.clock import app_now


class HistoryAdminMixin:
    """“History” of a tracked record shows who changed what, wherever they did."""

    model: Any

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Lead to the events of the record."""
        event = getattr(self.model, "pgh_event_model", None)
        if event is None:
            return super().history_view(request, object_id, extra_context)  # type: ignore[misc,no-any-return]
        try:
            page = reverse(f"admin:{event._meta.app_label}_{event._meta.model_name}_changelist")
        except NoReverseMatch:
            return super().history_view(request, object_id, extra_context)  # type: ignore[misc,no-any-return]
        return HttpResponseRedirect(f"{page}?q={object_id}")


class ServiceAdmin(HistoryAdminMixin, admin.ModelAdmin):  # type: ignore[type-arg]
    """Records that services make and change; nobody deletes them."""

    show_full_result_count = False
    list_per_page = 50

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Hand the changed values to the service of the record."""
        person: Any = request.user
        values = {name: form.cleaned_data[name] for name in form.changed_data}
        if change:
            self.change(obj, values, by=person, at=app_now())
        else:
            obj.pk = self.make(form.cleaned_data, by=person, at=app_now()).pk

    def make(self, values: dict[str, Any], *, by: User, at: dt.datetime) -> models.Model:
        """Make the record with a service."""
        raise NotImplementedError

    def change(self, row: Any, values: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        """Change the record with a service."""
        raise NotImplementedError

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdmin(HistoryAdminMixin, admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that only the program writes."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyInline(admin.TabularInline):  # type: ignore[type-arg]
    """Dated facts below their record."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
