"""The resources `jobs` and `imports`."""

from typing import Any

from django.http import FileResponse, Http404
from django.utils.translation import get_language
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from accounts.api.base import ReadOnlyViewSet
from accounts.api.serializers.jobs import (
    ChangesPageSerializer,
    ImportSerializer,
    JobSerializer,
    UploadSerializer,
)
from accounts.models import IdempotencyKey, ImportRun, Job
from accounts.services.imports.preview import read_changes
from accounts.services.imports.runs import (
    ImportOrder,
    follow_preview,
    open_import,
)
from accounts.services.imports.undo import open_undo
from config.lib.bodies import read_body, refuse_members
from config.lib.idempotency import IdempotencyMixin
from config.lib.json_body import FileParser, StorableJSONParser
from config.lib.pagination import KeysetPaginator

CHANGES_A_PAGE = 100
#: What follows on an import takes no file, and no members either.
_QUEUES: dict[str, Any] = {
    "detail": True,
    "methods": ["post"],
    "filter_backends": [],
    "pagination_class": None,
    "parser_classes": (StorableJSONParser,),
}


class JobViewSet(ReadOnlyViewSet):
    """The caller's long work; administrators see everybody's."""

    queryset = Job.objects.all()
    serializer_class = JobSerializer
    filterset_fields = ("kind", "state")
    ordering_fields = ("id", "created_at")
    ordering = "-id"

    @extend_schema(request=None, responses=JobSerializer)
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def cancel(self, request: Request, **kwargs: Any) -> Response:
        """Stop the job: at once while it waits, else soon; its work is taken back."""
        refuse_members(request)
        job = self.get_object()
        Job.objects.filter(pk=job.pk).cancel(at=self.at)
        job.refresh_from_db()
        return Response(self.get_serializer(job).data)


class _TakesFiles(ReadOnlyViewSet):
    """`POST` keeps a file and answers before it is read."""

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        data = read_body(UploadSerializer(data=request.data, user=self.me))
        file = data.pop("file")
        language = (get_language() or "en")[:2]
        order = ImportOrder(file_name=file.name, language=language, **data)
        run = open_import(order=order, file=file, at=self.at, by=self.me)
        return Response(self.get_serializer(run).data, status=status.HTTP_201_CREATED)


@extend_schema_view(
    create=extend_schema(
        request={"multipart/form-data": UploadSerializer},
        responses={201: ImportSerializer},
        description="Keep the file and queue its import; poll the import until `state` is done.",
    )
)
class ImportViewSet(IdempotencyMixin, _TakesFiles):
    """The caller's imports; `POST` takes a file and answers before it is read."""

    queryset = ImportRun.objects.all()
    serializer_class = ImportSerializer
    parser_classes = (FileParser,)
    idempotency_model = IdempotencyKey
    filterset_fields = ("kind", "is_dry_run")
    ordering_fields = ("id",)
    ordering = "-id"

    def with_parts(self, rows: Any) -> Any:
        return rows.select_related("job", "undo__job")

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], filter_backends=[], pagination_class=None)
    def errors(self, request: Request, **kwargs: Any) -> FileResponse:
        """Hand out the rows that failed, each with its reason."""
        run = self.get_object()
        if not run.error_file:
            raise Http404
        name = f"errors-{run.pk}.csv"
        file = run.error_file.open("rb")
        return FileResponse(file, as_attachment=True, filename=name, content_type="text/csv")

    @extend_schema(request=None, responses={202: ImportSerializer})
    @action(**_QUEUES)
    def undo(self, request: Request, **kwargs: Any) -> Response:
        """Queue taking the import back; poll it until `undo.state` is done. What was edited since
        stays and is named under `undo.kept`; try again for the rest once what stands in its way is
        gone. While it is being taken back, and when nothing is left, it is 409."""
        refuse_members(request)
        run = self.get_object()
        open_undo(run=run, at=self.at, by=self.me)
        run = self.get_queryset().get(pk=run.pk)
        return Response(self.get_serializer(run).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses={202: ImportSerializer})
    @action(**_QUEUES)
    def follow(self, request: Request, **kwargs: Any) -> Response:
        """Queue the import of a file that was previewed, read the same way; twice is once."""
        refuse_members(request)
        preview = self.get_object()
        run = follow_preview(preview=preview, at=self.at, by=self.me)
        run = self.get_queryset().get(pk=run.pk)
        return Response(self.get_serializer(run).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(
        parameters=[
            OpenApiParameter("cursor", str, description="As `next` and `previous` give it.")
        ],
        responses=ChangesPageSerializer,
    )
    @action(
        detail=True,
        methods=["get"],
        filter_backends=[],
        pagination_class=None,
        questions=("cursor",),
    )
    def changes(self, request: Request, **kwargs: Any) -> Response:
        """Show what a previewed file would do, row by row and field by field."""
        run = self.get_object()
        rows = KeysetPaginator(run.changes.all(), order="line", size=CHANGES_A_PAGE)
        page = rows.page(request.query_params.get("cursor"))

        def address(cursor: str | None) -> str | None:
            here = request.build_absolute_uri()
            return replace_query_param(here, "cursor", cursor) if cursor else None

        shown = {
            "next": address(page.next_cursor),
            "previous": address(page.previous_cursor),
            "results": read_changes(run, page.rows),
        }
        return Response(ChangesPageSerializer(shown).data)
