"""What may stand behind the question mark of a list: filters, search, and nothing unknown.

A misspelt or empty filter that is ignored shows everything, and a program that acts on all it is
shown does harm. Therefore a list refuses parameters it does not know, and filters without a value.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_filters.filterset import FilterSet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.domain.names import fold_for_search
from config.lib.problems import FieldError, Problem

SEARCH = "search"
OF_EVERY_LIST = frozenset({"cursor", "ordering", "page_size", SEARCH})


class BadQuery(Problem):
    """A list was asked with a parameter it does not know, or a filter without a value."""

    code = "bad_query"
    title = _("The list can't be asked this way.")


class VisibleFilters(DjangoFilterBackend):  # type: ignore[misc]
    """Filters by another record know only those the caller sees: a foreign id is an unknown one."""

    def get_filterset(self, request: Request, queryset: Any, view: APIView) -> Any:
        filterset = super().get_filterset(request, queryset, view)
        for part in filterset.filters.values() if filterset else ():
            if hasattr(getattr(part, "queryset", None), "visible_to"):
                part.queryset = part.queryset.visible_to(request.user)
        if getattr(view, "action", "") == "list":
            _check(request, view, frozenset(filter_names(filterset)))
        return filterset


class FoldedSearch(BaseFilterBackend):
    """`?search=`: every word must occur in one of the view's `search_columns`, which are folded."""

    def filter_queryset(self, request: Request, queryset: Any, view: APIView) -> Any:
        columns = getattr(view, "search_columns", ())
        for word in fold_for_search(request.query_params.get(SEARCH, "")).split():
            if columns:
                found = (Q(**{f"{column}__contains": word}) for column in columns)
                queryset = queryset.filter(Q(*found, _connector=Q.OR))
        return queryset

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        if not getattr(view, "search_columns", ()):
            return []
        return [{"name": SEARCH, "in": "query", "required": False, "schema": {"type": "string"}}]


def filter_names(filterset: FilterSet | None) -> Iterator[str]:
    """Yield the parameters a filter set reads; a range reads two, by their suffixes."""
    for name, field in filterset.form.fields.items() if filterset is not None else ():
        suffixes = getattr(field.widget, "suffixes", None)
        yield from (f"{name}_{suffix}" if suffix else name for suffix in suffixes or [""])


def _check(request: Request, view: APIView, filters: frozenset[str]) -> None:
    own = {SEARCH} if getattr(view, "search_columns", ()) else set()
    known = filters | (OF_EVERY_LIST - {SEARCH}) | own
    faults = [
        FieldError(f"/{name}", _("This list has no such filter."))
        if name not in known
        else FieldError(f"/{name}", _("Give a value, or leave the filter out."))
        for name, value in request.query_params.items()
        if name not in known or (name in filters and not value.strip())
    ]
    if faults:
        raise BadQuery(errors=faults)
