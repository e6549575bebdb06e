"""How the admin writes: what was changed in the form goes to a service, with who and when."""

import datetime as dt
from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext

from accounts.models import User
from config.lib.clock import app_now


class TitledAdminMixin:
    """Pages are called by what they show; Django's own titles are no Japanese one would write."""

    model: Any

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Call the list by the name of its rows."""
        title = capfirst(str(self.model._meta.verbose_name_plural))
        context = {"title": title, **(extra_context or {})}
        return super().changelist_view(request, context)  # type: ignore[misc]

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "",
        extra_context: Any = None,
    ) -> Any:  # fmt: skip
        """Call the form by what its row is."""
        kind = capfirst(str(self.model._meta.verbose_name))
        title = kind if object_id else gettext("%(kind)s: new") % {"kind": kind}
        context = {"title": title, **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, context)  # type: ignore[misc]


class HistoryAdminMixin(TitledAdminMixin):
    """“History” of a tracked record shows who changed what, wherever they did."""

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
