"""The append-only history of the customer record: who changed what, when, to what."""

from typing import Any

import pghistory.models
from django.apps import apps
from django.contrib import admin
from django.db.models import BigIntegerField, F, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.admin.base import ReadOnlyAdmin
from accounts.models import User
from accounts.selectors.change_words import ACTIONS


class ChangeFilter(admin.SimpleListFilter):
    """Lines of one kind of change."""

    title = _("change")
    parameter_name = "pgh_label__exact"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer the three kinds there are."""
        return [(label, ACTIONS[label]) for label in ("insert", "update", "delete")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the lines of the kind that was picked."""
        return queryset.filter(pgh_label=self.value()) if self.value() else queryset


class HistoryAdmin(ReadOnlyAdmin):
    """One line a change; the page of a line shows the row as it was written."""

    list_display = ("pgh_created_at", "change", "row", "who", "where")
    list_filter = (ChangeFilter, "pgh_created_at")
    readonly_fields = ("change", "row", "who", "where")
    search_fields = ("pgh_obj__id__exact",)
    search_help_text = _("The number of a row")
    ordering = ("-pgh_id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Read the name of who did it in the same query."""
        number = Cast(KeyTextTransform("user", "pgh_context__metadata"), BigIntegerField())
        people = User.objects.filter(pk=OuterRef("user_number")).values("email")[:1]
        rows = super().get_queryset(request).annotate(user_number=number)
        named: QuerySet[Any] = rows.annotate(
            user_email=Subquery(people), url=KeyTextTransform("url", "pgh_context__metadata")
        )
        return named

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Say first what happened, then the row's own columns."""
        own = [
            name
            for name in super().get_fields(request, obj)
            if name != "id" and not str(name).startswith("pgh_")
        ]
        return [
            "pgh_created_at",
            *self.readonly_fields,
            *(n for n in own if n not in self.readonly_fields),
        ]

    @admin.display(description=_("change"), ordering="pgh_label")
    def change(self, event: Any) -> str:
        return str(ACTIONS.get(event.pgh_label, event.pgh_label))

    @admin.display(description=_("row"), ordering=F("pgh_obj_id"))
    def row(self, event: Any) -> str:
        return str(event.pgh_obj_id)

    @admin.display(description=_("who"))
    def who(self, event: Any) -> str:
        return event.user_email or ""

    @admin.display(description=_("where"))
    def where(self, event: Any) -> str:
        return event.url or ""


def _in_words(event: Any) -> str:
    """Name a line by its row and what happened to it."""
    return f"#{event.pgh_obj_id} {ACTIONS.get(event.pgh_label, event.pgh_label)}"


def register_history(app_label: str) -> None:
    """Show the events of every tracked model of an app."""
    for model in apps.get_app_config(app_label).get_models():
        if issubclass(model, pghistory.models.Event):
            tracked: Any = model.pgh_tracked_model
            rows = tracked._meta.verbose_name_plural
            title: Any = format_lazy(_("History: {rows}"), rows=rows)
            model._meta.verbose_name = model._meta.verbose_name_plural = title
            model.__str__ = _in_words  # type: ignore[method-assign]
            admin.site.register(model, HistoryAdmin)


register_history("accounts")
