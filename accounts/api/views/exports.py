"""The resource `exports`: lists as files."""

from typing import Any

from django.http import FileResponse, Http404
from django.utils.translation import get_language
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import ReadOnlyViewSet
from accounts.api.serializers.exports import ExportOrderSerializer, ExportSerializer
from accounts.models import Export
from accounts.services.exports.files import CONTENT_TYPES, open_file
from accounts.services.exports.runs import ExportOrder, request_export


class ExportViewSet(ReadOnlyViewSet):
    """The caller's files; administrators see everybody's. `POST` answers before one is made."""

    queryset = Export.objects.all()
    serializer_class = ExportSerializer
    filterset_fields = ("kind", "source", "format")
    ordering_fields = ("id",)
    ordering = "-id"
    more_problems = frozenset({404})  # a list that the caller may not know of

    def with_parts(self, rows: Any) -> Any:
        return rows.select_related("job")

    @extend_schema(request=ExportOrderSerializer, responses={202: ExportSerializer})
    def create(self, request: Request) -> Response:
        """Queue a list; poll the export until `state` is done, then fetch `file/`."""
        asked = ExportOrderSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        language = (get_language() or "en")[:2]
        order = ExportOrder(language=language, **asked.validated_data)
        export = request_export(order=order, at=self.at, by=self.me)
        return Response(self.get_serializer(export).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], filter_backends=[], pagination_class=None)
    def file(self, request: Request, **kwargs: Any) -> FileResponse:
        """Hand out the file while it is kept."""
        export = self.get_object()
        file = open_file(export, at=self.at)
        if file is None:
            raise Http404
        return FileResponse(
            file,
            as_attachment=True,
            filename=export.file_name,
            content_type=CONTENT_TYPES[export.format],
        )
