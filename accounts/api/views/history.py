"""`audit` over everything, and `history/<kind>/<id>` of one record: who changed what, read only."""

import datetime as dt
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from accounts.api.base import ApiView
from accounts.api.queries import read_query
from accounts.api.serializers.history import (
    AuditQuerySerializer,
    ChangePageSerializer,
    HistoryQuerySerializer,
    kind_of,
)
from accounts.querysets import may_answer_for_privacy
from accounts.registry import audited, audited_pages
from accounts.selectors.change_words import Line, lines
from accounts.selectors.changes import Asked, ChangePage, Trail, all_trails, changes
from accounts.selectors.record_history import (
    private_columns,
    private_everywhere,
    trails_of,
    trails_of_models,
)

#: A change at the last instant of a range is in it.
_INSTANT = dt.timedelta(microseconds=1)


class _Changes(ApiView, APIView):
    questions = None


class AuditView(_Changes):
    """Every change of the organisation, for administrators and privacy officers."""

    @extend_schema(
        operation_id="audit_list",
        parameters=[AuditQuerySerializer],
        responses=ChangePageSerializer,
    )
    def get(self, request: Request) -> Response:
        """Return changes, the newest first, by kind, record, person and time."""
        if not may_answer_for_privacy(self.me):
            raise PermissionDenied
        data = read_query(AuditQuerySerializer, request)
        trails, asked = _trails(data), _asked(data)
        page = changes(trails, asked, cursor=data["cursor"], size=data["page_size"])
        private = private_everywhere(self.me)
        return _answer(request, page, lines(page.rows, trails, user=self.me, private=private))


class RecordHistoryView(_Changes):
    """The changes of one record and of its parts, for whoever sees the record."""

    @extend_schema(
        operation_id="history_list",
        parameters=[
            OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=sorted(audited)),
            HistoryQuerySerializer,
        ],
        responses=ChangePageSerializer,
    )
    def get(self, request: Request, kind: str, pk: int) -> Response:
        """Return the changes of a record, the newest first."""
        if kind not in audited or not (record := audited.get(kind)).allows(self.me):
            raise Http404
        data = read_query(HistoryQuerySerializer, request)
        rows: Any = record.model.objects.visible_to(self.me)
        if record.account_path:
            rows = rows.select_related(record.account_path)
        row = get_object_or_404(rows, pk=pk)
        trails = trails_of(kind, record, row, user=self.me)
        page = changes(trails, Asked(number=pk), cursor=data["cursor"], size=data["page_size"])
        private = private_columns(kind, record, row, user=self.me)
        return _answer(request, page, lines(page.rows, trails, user=self.me, private=private))


class SettingsHistoryView(_Changes):
    """The changes of a page of settings, for whoever opens that page."""

    @extend_schema(
        operation_id="settings_history_list",
        parameters=[
            OpenApiParameter("key", str, OpenApiParameter.PATH, enum=sorted(audited_pages)),
            HistoryQuerySerializer,
        ],
        responses=ChangePageSerializer,
    )
    def get(self, request: Request, key: str) -> Response:
        """Return the changes of all rows of the settings, the newest first."""
        if key not in audited_pages or not (page := audited_pages.get(key)).allows(self.me):
            raise Http404
        data, trails = read_query(HistoryQuerySerializer, request), trails_of_models(page.models)
        found = changes(trails, Asked(), cursor=data["cursor"], size=data["page_size"])
        return _answer(request, found, lines(found.rows, trails, user=self.me))


def _trails(data: dict[str, Any]) -> list[Trail]:
    """Return the tables that were asked for; those of one record by the number of its rows."""
    owner = "pgh_obj_id" if "record" in data else ""
    return [
        Trail(trail.key, trail.model, trail.events, owner)
        for trail in all_trails()
        if data.get("kind") in (None, kind_of(trail.key))
    ]


def _asked(data: dict[str, Any]) -> Asked:
    until = data.get("at_before")
    return Asked(
        number=data.get("record"),
        user=data["user"].pk if "user" in data else None,
        since=data.get("at_after"),
        until=until + _INSTANT if until else None,
    )


def _answer(request: Request, page: ChangePage, found: list[Line]) -> Response:
    here, cursor = request.build_absolute_uri(), page.next_cursor
    following = replace_query_param(here, "cursor", cursor) if cursor else None
    shape = {"next": following, "previous": None, "results": found}
    return Response(ChangePageSerializer(shape).data)
