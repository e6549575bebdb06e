"""The resource `external-ids`, one by one and many at once."""

from collections import Counter
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.base import ApiView, RecordViewSet
from accounts.api.filters import ExternalIdFilter
from accounts.api.serializers.external_ids import (
    ExternalIdBulkSerializer,
    ExternalIdItemSerializer,
    ExternalIdResultSerializer,
    ExternalIdSerializer,
)
from accounts.models import ExternalRef, IdempotencyKey
from accounts.services.conflicts import UnknownMember
from accounts.services.external_id_bulk import IdRow, write_external_ids
from accounts.services.external_ids import add_external_id, is_known, remove_external_id
from config.lib.bodies import read_body
from config.lib.idempotency import IdempotencyMixin

OUTCOMES = ("created", "removed", "unchanged", "failed")


@extend_schema_view(
    create=extend_schema(responses={200: ExternalIdSerializer, 201: ExternalIdSerializer})
)
class ExternalIdViewSet(RecordViewSet):
    """By which ids other systems know our records, beside each `external_id`. The same again
    answers with the row there is, by 200; one of another record is 409. `DELETE` removes one."""

    queryset = ExternalRef.objects.all()
    serializer_class = ExternalIdSerializer
    filterset_class = ExternalIdFilter
    ordering_fields = ("id", "source", "value")
    ordering = "id"
    http_method_names = ("get", "post", "delete", "head", "options")

    found = False

    def make(self, data: dict[str, Any]) -> ExternalRef:
        self.found = is_known(**data)
        return add_external_id(by=self.me, at=self.at, **data)

    def is_new(self, row: ExternalRef) -> bool:
        return not self.found

    def remove(self, row: ExternalRef) -> None:
        remove_external_id(ref=row, by=self.me, at=self.at)


class _WriteInBulk(ApiView, APIView):
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        told = read_body(ExternalIdBulkSerializer(data=request.data))["items"]
        rows = [IdRow(index) for index in range(len(told))]
        items = [_read(item, row) for item, row in zip(told, rows, strict=True)]
        write_external_ids(items=items, rows=rows, at=self.at, by=self.me)
        counts = Counter(row.outcome for row in rows)
        shape = {name: counts[name] for name in OUTCOMES} | {"results": rows}
        return Response(ExternalIdResultSerializer(shape).data)


class ExternalIdBulkView(IdempotencyMixin, _WriteInBulk):
    """Partial success is success: the good items are written, the others name their faults."""

    queryset = ExternalRef.objects.all()
    idempotency_model = IdempotencyKey
    makes = True

    @extend_schema(
        operation_id="external_ids_bulk",
        tags=["external-ids"],
        request=ExternalIdBulkSerializer,
        responses=ExternalIdResultSerializer,
    )
    def post(self, request: Request) -> Response:
        """Add and take away up to 1,000 ids; 200 with a result for each item."""
        return self.create(request)


def _read(item: dict[str, Any], row: IdRow) -> dict[str, Any] | None:
    """Return an item as it is meant; None for one that says what nobody understands."""
    shape = ExternalIdItemSerializer(data=item)
    for name in sorted(item.keys() - shape.fields.keys()):
        row.refuse(name, UnknownMember.title)
    if not shape.is_valid():
        for name, words in shape.errors.items():
            row.refuse(name, words[0])
    read: dict[str, Any] | None = None if row.errors else shape.validated_data
    return read
