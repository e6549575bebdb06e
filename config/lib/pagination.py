"""Walk long lists by position instead of by number, so page 1,000 costs what page 1 costs.

The order is (key, pk). A position is compared as a row, `ROW(key, pk) > ROW(…)`, which an index
on (key, pk) answers directly; no OFFSET anywhere. A row comparison drops NULLs, therefore rows
without a key form a second sequence after the values, ordered by pk alone.

`KeysetPaginator` serves HTML pages; `KeysetPagination` the REST API, where a view lists what
callers may sort by in `ordering_fields` (names, or a mapping from the public name to the path
behind it) and its default in `ordering`.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import BooleanField, F, Func, Value
from django.db.models.expressions import Col, CombinedExpression, OrderBy
from django.db.models.sql import Query
from django.db.models.sql.datastructures import Join
from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from config.lib.problems import FieldError, Problem, Text

RowT = TypeVar("RowT", bound=models.Model)

KEY = "keyset_key"
LARGEST_PAGE = 200
MOST_DIGITS = 9  # of a page size; Python refuses to read very long numbers


class BadCursor(Problem):
    """The cursor is not one this list handed out, or belongs to another order."""

    code = "bad_cursor"
    title = _("This page of the list does not exist.")

    def __init__(self) -> None:
        fault = FieldError("/cursor", _("Not a position in this list. Start from the first page."))
        super().__init__(errors=[fault])


class BadPageRequest(Problem):
    """An unknown ordering or a page size that is no positive number."""

    code = "bad_page_request"
    title = _("The list can't be shown this way.")


@dataclass(frozen=True)
class Page(Generic[RowT]):
    """Rows in order, and the cursors of the neighbours where there are any."""

    rows: list[RowT]
    next_cursor: str | None
    previous_cursor: str | None


@dataclass(frozen=True)
class _Position:
    """A place beside a row: its key (None in the second sequence), its pk, and the way to go."""

    back: bool
    key: Any
    pk: Any


class KeysetPaginator(Generic[RowT]):
    """Cut a queryset into pages along one key: a field, a path or an annotation.

    `order` is the name of the key, with a minus for descending; the pk follows the same way.
    A page costs one query, or two where the key is a column that can be NULL. `searched` says that
    few rows of the table are left: they are gathered and sorted, for an index in the order of the
    key would be walked to the end where the key follows what was searched (a surname and its
    reading). A queryset that knows better says `is_walked`: what was searched is everywhere.
    """

    def __init__(
        self,
        queryset: models.QuerySet[RowT],
        *,
        order: str = "pk",
        size: int = 50,
        searched: bool = False,
    ) -> None:
        self.size = size
        self._falls = order.startswith("-")
        self._salt = f"yorisoi.keyset:{queryset.model._meta.label_lower}:{order}"
        key = F(order.removeprefix("-"))
        searched = searched and not getattr(queryset, "is_walked", False)
        self._queryset = queryset.annotate(**{KEY: _Unindexed(key) if searched else key})
        self._key_field = self._queryset.query.annotations[KEY].output_field
        self._pk_field = queryset.model._meta.pk
        self._reckoned = not isinstance(self._queryset.query.annotations[KEY], Col)
        self._nullable = _is_nullable(queryset.model, order.removeprefix("-"))

    def page(self, cursor: str | None = None) -> Page[RowT]:
        """Return the page a cursor of this list leads to, or the first one.

        :raises BadCursor: for a cursor that is damaged, invented or of another order.
        """
        position = self._read(cursor) if cursor else None
        back = position is not None and position.back
        rows = self._walk(position, back=back)
        more = len(rows) > self.size
        rows = rows[: self.size]
        if not rows:
            return Page([], None, None)
        if back:
            rows.reverse()
        has_next, has_previous = (True, more) if back else (more, position is not None)
        return Page(
            rows,
            self._cursor(rows[-1], back=False) if has_next else None,
            self._cursor(rows[0], back=True) if has_previous else None,
        )

    def _walk(self, position: _Position | None, *, back: bool) -> list[RowT]:
        """Fetch one row more than a page, first the rows with a key and then those without."""
        if position is None and self._reckoned:
            return list(self._beginning())
        sequences = [False, True] if self._nullable else [False]
        if back:
            sequences.reverse()
        if position is not None:
            sequences = sequences[sequences.index(position.key is None) :]
        rows: list[RowT] = []
        for number, without_key in enumerate(sequences):
            if (missing := self.size + 1 - len(rows)) > 0:
                start = position if number == 0 else None
                rows += self._sequence(start, without_key=without_key, back=back, limit=missing)
        return rows

    def _beginning(self) -> models.QuerySet[RowT]:
        """Return the first rows of both sequences at once: no index gives the order of the key.

        To ask beforehand which rows have a key would be to reckon it twice.
        """
        key, pk = F(KEY), F("pk")
        order = (
            [key.desc(nulls_last=True), pk.desc()]
            if self._falls
            else [key.asc(nulls_last=True), pk.asc()]
        )
        return self._cut(self._queryset.all(), order, self.size + 1)

    def _sequence(
        self, start: _Position | None, *, without_key: bool, back: bool, limit: int
    ) -> models.QuerySet[RowT]:
        """Return the first rows of one of the two sequences, in the order of the walk."""
        falls = self._falls != back
        key, pk = F(KEY), F("pk")
        rows: models.QuerySet[RowT] = self._queryset.all()
        if start is None or without_key or not self._reckoned:
            rows = rows.filter(**{f"{KEY}__isnull": without_key})
        if start is not None:
            pk_value = Value(start.pk, self._pk_field)
            rows = rows.filter(
                _compare(pk, pk_value, falls)
                if without_key
                else _compare(
                    _row(key, pk), _row(Value(start.key, self._key_field), pk_value), falls
                )
            )
        parts = [pk] if without_key else [key, pk]
        order = [part.desc() if falls else part.asc() for part in parts]
        return self._cut(rows, order, limit)

    def _cut(
        self, rows: models.QuerySet[RowT], order: list[OrderBy], limit: int
    ) -> models.QuerySet[RowT]:
        if rows.query.distinct or rows.query.combinator or _joins_many(rows.query):
            return rows.order_by(*order)[:limit]
        # Sorted are narrow rows of two values; what cells show is read for a page of them only,
        # and which rows belong to the list is asked once, inside.
        page = rows.order_by(*order).values("pk")[:limit]
        shown = self._queryset.all()
        shown.query.clear_where()
        return shown.filter(pk__in=page).order_by(*order)  # type: ignore[no-any-return]

    def _cursor(self, row: RowT, *, back: bool) -> str:
        key = getattr(row, KEY)
        if not isinstance(key, str | int | float | None):
            key = key.isoformat() if isinstance(key, dt.date) else str(key)
        return signing.dumps([back, key, row.pk], salt=self._salt)

    def _read(self, cursor: str) -> _Position:
        try:
            back, key, pk = signing.loads(cursor, salt=self._salt)
            if key is None and not self._nullable:
                raise BadCursor
            return _Position(back, self._key_field.to_python(key), self._pk_field.to_python(pk))
        except (signing.BadSignature, ValidationError, ValueError, TypeError) as error:
            raise BadCursor from error


class _Unindexed(Func):
    """The same value as an expression of which there is no index."""

    template = "(ARRAY[%(expressions)s])[1]"
    arity = 1


def _is_nullable(model: type[models.Model], key: str) -> bool:
    """Tell whether the key can be NULL; only a plain column of the model itself is known not to."""
    if key == "pk":
        return False
    columns = {
        name: field for field in model._meta.concrete_fields for name in (field.name, field.attname)
    }
    field = columns.get(key)
    return field is None or getattr(field, "output_field", field).null


def _joins_many(query: Query) -> bool:
    """Say whether a filter joined several rows to one: without its condition each would show."""
    joined: list[Any] = [
        join.join_field for join in query.alias_map.values() if isinstance(join, Join)
    ]
    return any(field.one_to_many or field.many_to_many for field in joined)


def _row(*parts: F | Value) -> Func:
    return Func(*parts, function="ROW", output_field=models.Field())


def _compare(left: F | Func, right: Value | Func, falls: bool) -> CombinedExpression:
    return CombinedExpression(left, "<" if falls else ">", right, output_field=BooleanField())


class KeysetPagination(BasePagination):
    """Cut a list endpoint into pages; a size above 200 counts as 200."""

    page_size = 50
    _page: Page[Any]
    _request: Request

    def paginate_queryset(  # type: ignore[override]  # a plain list has no position to compare
        self, queryset: models.QuerySet[Any], request: Request, view: APIView | None = None
    ) -> list[Any]:
        """Return the rows of the page that was asked for.

        :raises BadCursor: for a cursor that is damaged, invented or of another order.
        :raises BadPageRequest: for an unknown ordering or page size.
        """
        paginator = KeysetPaginator(
            queryset,
            order=_order(request, view),
            size=self._size(request),
            searched=bool(request.query_params.get("search")),
        )
        self._request = request
        self._page = paginator.page(request.query_params.get("cursor"))
        return self._page.rows

    def get_paginated_response(self, data: Any) -> Response:
        """Wrap the serialized rows with the addresses of the neighbouring pages."""
        return Response(
            {
                "next": self._address(self._page.next_cursor),
                "previous": self._address(self._page.previous_cursor),
                "results": data,
            }
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe the wrapper for the OpenAPI document."""
        address = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": address, "previous": address, "results": schema},
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """Describe the query parameters for the OpenAPI document."""
        names = sorted(_sortable(view))
        order = {"type": "string", "enum": [*names, *(f"-{name}" for name in names)]}
        size = {
            "type": "integer",
            "minimum": 1,
            "description": f"Rows a page; above {LARGEST_PAGE} counts as {LARGEST_PAGE}.",
        }
        cursor = {"type": "string"}
        return [
            {"name": name, "in": "query", "required": False, "schema": schema}
            for name, schema in [("cursor", cursor), ("ordering", order), ("page_size", size)]
            if name != "ordering" or names
        ]

    def _size(self, request: Request) -> int:
        asked = request.query_params.get("page_size")
        if asked is None:
            return self.page_size
        if not (asked.isascii() and asked.isdigit()) or not asked.strip("0"):
            fault = FieldError("/page_size", _("Give a whole number from 1 to 200."))
            raise BadPageRequest(errors=[fault])
        return LARGEST_PAGE if len(asked) > MOST_DIGITS else min(int(asked), LARGEST_PAGE)

    def _address(self, cursor: str | None) -> str | None:
        if cursor is None:
            return None
        return replace_query_param(self._request.build_absolute_uri(), "cursor", cursor)


class OnePage(KeysetPagination):
    """The envelope of all other lists for one that is short, or walked by its own means."""

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """Ask for no position: there is none."""
        return []


def one_page(results: Any, *, following: str | None = None) -> Response:
    """Answer with a list in the envelope of all lists, and the address of what follows."""
    return Response({"next": following, "previous": None, "results": results})


def _sortable(view: APIView | None) -> Mapping[str, str]:
    fields = getattr(view, "ordering_fields", None) or ()
    return fields if isinstance(fields, Mapping) else {name: name for name in fields}


def _order(request: Request, view: APIView | None) -> str:
    asked = request.query_params.get("ordering")
    if asked is None:
        return str(getattr(view, "ordering", None) or "pk")
    path = _sortable(view).get(asked.removeprefix("-"))
    if path is None:
        raise BadPageRequest(errors=[FieldError("/ordering", _no_order(_sortable(view)))])
    return f"-{path}" if asked.startswith("-") else path


def _no_order(sortable: Collection[str]) -> Text:
    if not sortable:
        return _("This list can't be sorted.")
    words = _("This list can't be sorted by that, but by: %(fields)s.")
    return words % {"fields": ", ".join(sorted(sortable))}


def order_words(view: APIView | None) -> Text:
    """Say by what a list is sorted over REST, for who asks for it in another word."""
    if not _sortable(view):
        return _no_order(())
    words = _("The order is “ordering”; this list can be sorted by: %(fields)s.")
    return words % {"fields": ", ".join(sorted(_sortable(view)))}
