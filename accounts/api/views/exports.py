"""The resource `exports`: lists as files."""

from typing import Any

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import ReadOnlyViewSet
from accounts.api.permissions import ShownAgain, may_reach_far
from accounts.api.serializers.exports import (
    BundleOrderSerializer,
    ExportOrderSerializer,
    ExportSerializer,
)
from accounts.choices import ExportKind, TokenScope
from accounts.models import ApiToken, Contact, Export
from accounts.querysets import may_answer_for_privacy
from accounts.services.exports.files import CONTENT_TYPES, open_file
from accounts.services.exports.runs import (
    ExportNotAllowed,
    ExportOrder,
    request_bundle,
    request_everything,
    request_export,
)
from config.lib.bodies import read_body, refuse_members


class ExportViewSet(ReadOnlyViewSet):
    """The caller's files; administrators see everybody's. `POST` answers before one is made."""

    queryset = Export.objects.all()
    serializer_class = ExportSerializer
    filterset_fields = ("kind", "source", "format")
    ordering_fields = ("id",)
    ordering = "-id"
    asks_again = True
    more_problems = frozenset({404})  # a list that the caller may not know of

    def with_parts(self, rows: Any) -> Any:
        return rows.select_related("job")

    @extend_schema(request=ExportOrderSerializer, responses={202: ExportSerializer})
    def create(self, request: Request) -> Response:
        """Queue a list; poll the export until `state` is done, then fetch `file/`."""
        asked = read_body(ExportOrderSerializer(data=request.data))
        language = (get_language() or "en")[:2]
        order = ExportOrder(language=language, **asked)
        export = request_export(order=order, at=self.at, by=self.me)
        return Response(self.get_serializer(export).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses={202: ExportSerializer})
    @action(
        detail=False,
        methods=["post"],
        write_scope=TokenScope.ADMIN,
        filter_backends=[],
        pagination_class=None,
    )
    def everything(self, request: Request) -> Response:
        """Queue the whole organisation as an archive; administrators only."""
        refuse_members(request)
        language = (get_language() or "en")[:2]
        export = request_everything(language=language, at=self.at, by=self.me)
        return Response(self.get_serializer(export).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=BundleOrderSerializer, responses={202: ExportSerializer})
    @action(
        detail=False,
        methods=["post"],
        write_scope=TokenScope.ADMIN,
        filter_backends=[],
        pagination_class=None,
    )
    def person(self, request: Request) -> Response:
        """Queue everything about a person; administrators and privacy officers only."""
        if not may_answer_for_privacy(self.me):
            raise ExportNotAllowed
        asked = read_body(BundleOrderSerializer(data=request.data))
        contacts = Contact.objects.visible_to(self.me)
        contact = get_object_or_404(contacts, pk=asked["contact"])
        language = (get_language() or "en")[:2]
        export = request_bundle(contact=contact, language=language, at=self.at, by=self.me)
        return Response(self.get_serializer(export).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], filter_backends=[], pagination_class=None)
    def file(self, request: Request, **kwargs: Any) -> FileResponse:
        """Hand out the file while it is kept."""
        export = self.get_object()
        is_allowed = export.kind == ExportKind.LIST and isinstance(request.auth, ApiToken)
        if not (is_allowed or may_reach_far(request)):
            self.permission_denied(request, message=str(ShownAgain.message), code=ShownAgain.code)
        file = open_file(export, at=self.at)
        if file is None:
            raise Http404
        return FileResponse(
            file,
            as_attachment=True,
            filename=export.file_name,
            content_type=CONTENT_TYPES[export.format],
        )
