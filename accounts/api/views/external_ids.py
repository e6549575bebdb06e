"""The resource `external-ids`."""

from typing import Any

from accounts.api.base import RecordViewSet
from accounts.api.filters import ExternalIdFilter
from accounts.api.serializers.external_ids import ExternalIdSerializer
from accounts.models import ExternalRef
from accounts.services.external_ids import add_external_id, remove_external_id


class ExternalIdViewSet(RecordViewSet):
    """By which ids other systems know our records, beside each `external_id`. The same again
    answers with the row there is; an id of another record is 409. `DELETE` takes one away."""

    queryset = ExternalRef.objects.all()
    serializer_class = ExternalIdSerializer
    filterset_class = ExternalIdFilter
    ordering_fields = ("id", "source", "value")
    ordering = "id"
    http_method_names = ("get", "post", "delete", "head", "options")

    def make(self, data: dict[str, Any]) -> ExternalRef:
        return add_external_id(by=self.me, at=self.at, **data)

    def remove(self, row: ExternalRef) -> None:
        remove_external_id(ref=row, by=self.me, at=self.at)
