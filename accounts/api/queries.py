"""What may stand behind the question mark of a list: filters, search, and nothing unknown.

A misspelt or empty filter that is ignored shows everything, and a program that acts on all it is
shown does harm. Therefore a list refuses parameters it does not know, and filters without a value.
"""

import datetime as dt
from collections.abc import Collection, Iterator
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_filters.filterset import FilterSet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import serializers
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.domain.names import fold_for_search
from accounts.querysets import account_called
from config.lib.pagination import order_words
from config.lib.problems import FieldError, Problem, Text

SEARCH = "search"
#: What the order is called on pages and elsewhere.
OTHER_ORDERS = frozenset({"sort", "sort_by", "order", "order_by"})
OF_EVERY_LIST = frozenset({"cursor", "ordering", "page_size", SEARCH})


NO_QUESTION = _("There is no such filter or parameter here.")


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
            _check(request, view, filterset)
        if filterset is not None:
            _in_utc(filterset)
        return filterset


def _holds(column: str, word: str, user: Any, rows: Any) -> Q:
    if column == "account__search_text":
        return account_called(word, user=user, kind=rows.record_kind, lookup="holds")
    return Q(**{f"{column}__{'holds' if column == 'search_text' else 'contains'}": word})


def _is_searched(view: APIView) -> bool:
    return bool(getattr(view, "search_columns", ())) or hasattr(view, "search_rows")


class FoldedSearch(BaseFilterBackend):
    """`?search=`: every word must occur in one of the view's `search_columns`, which are folded.

    A view whose rows have numbers of their own says in `found_by(text)` which are meant as well.

    A view whose words stand in more than columns says in `search_rows(rows, text)` what it keeps.
    """

    def filter_queryset(self, request: Request, queryset: Any, view: APIView) -> Any:
        columns = getattr(view, "search_columns", ())
        text = request.query_params.get(SEARCH, "")
        if hasattr(view, "search_rows"):
            return view.search_rows(queryset, text)
        rule = Q()
        for word in fold_for_search(text).split() if columns else ():
            found = (_holds(column, word, request.user, queryset) for column in columns)
            rule &= Q(*found, _connector=Q.OR)
        if rule and hasattr(view, "found_by"):
            rule |= view.found_by(text)
        return queryset.filter(rule)

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        if not _is_searched(view):
            return []
        return [{"name": SEARCH, "in": "query", "required": False, "schema": {"type": "string"}}]


def read_query(shape: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """Return what was asked of a view without filters, as `shape` reads it.

    :raises BadQuery: naming each parameter the shape does not know.
    :raises ValidationError: for values it does not take, empty ones too.
    """
    fields = shape().fields
    refuse_unknown(request, fields)
    given = {
        name: values if isinstance(fields[name], serializers.ListField) else values[-1]
        for name, values in request.query_params.lists()
    }
    asked = shape(data=given, context={"request": request})
    asked.is_valid(raise_exception=True)
    values: dict[str, Any] = asked.validated_data
    return values


def refuse_unknown(request: Request, known: Collection[str]) -> None:
    """Refuse parameters that would be ignored.

    :raises BadQuery: naming each one.
    """
    unknown = sorted(set(request.query_params) - set(known))
    if unknown:
        raise BadQuery(errors=[FieldError(f"/{name}", NO_QUESTION) for name in unknown])


def _parameters(filterset: FilterSet | None) -> Iterator[tuple[str, forms.Field]]:
    """Yield the parameters a filter set reads; a range reads two, by their suffixes."""
    for name, field in filterset.form.fields.items() if filterset is not None else ():
        suffixes = getattr(field.widget, "suffixes", None)
        for suffix in suffixes or [""]:
            yield (f"{name}_{suffix}" if suffix else name), field


def _check(request: Request, view: APIView, filterset: FilterSet | None) -> None:
    filters = dict(_parameters(filterset))
    known = set(filters) | OF_EVERY_LIST
    if not _is_searched(view):
        known.discard(SEARCH)
    faults = [
        FieldError(f"/{name}", order_words(view) if _is_order(name, known) else fault)
        for name, value in request.query_params.items()
        if (fault := _fault(str(value), filters.get(name), is_known=name in known))
    ]
    if faults:
        raise BadQuery(errors=faults)


def _is_order(name: str, known: Collection[str]) -> bool:
    return name in OTHER_ORDERS - set(known)


def _fault(value: str, field: forms.Field | None, *, is_known: bool) -> Text:
    """Say what is wrong with a parameter; a filter that would be ignored is wrong, too."""
    if not is_known:
        return NO_QUESTION
    if field is not None and not value.strip():
        return _("Give a value, or leave the filter out.")
    if isinstance(field, forms.NullBooleanField) and value.lower() not in ("true", "false"):
        return _("Say true or false.")
    return ""


def _in_utc(filterset: FilterSet) -> None:
    """Compare instants in UTC: the database knows fewer offsets than ISO 8601.

    :raises BadQuery: naming an instant or a range beyond the calendar.
    """
    if not filterset.form.is_valid():
        return
    values = filterset.form.cleaned_data
    for name, value in values.items():
        try:
            values[name] = _utc(value)
        except OverflowError:
            fault = FieldError(f"/{name}", _("The instant lies outside the calendar."))
            raise BadQuery(errors=[fault]) from None


def _utc(moment: Any) -> Any:
    if isinstance(moment, slice):
        return slice(_utc(moment.start), _utc(moment.stop))
    return moment.astimezone(dt.UTC) if isinstance(moment, dt.datetime) else moment
