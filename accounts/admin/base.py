"""How the admin writes: what was changed in the form goes to a service, with who and when."""

import datetime as dt
from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from accounts.models import User
from config.lib.clock import app_now


class ServiceAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
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


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
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
