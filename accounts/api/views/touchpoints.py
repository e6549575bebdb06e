"""The resource `touchpoints`."""

from typing import Any

from accounts.api.base import RecordViewSet
from accounts.api.filters import TouchpointFilter
from accounts.api.serializers.touchpoints import TouchpointSerializer
from accounts.models import Touchpoint
from accounts.services.touchpoints import record_touchpoint, retract_touchpoint, update_touchpoint


class TouchpointViewSet(RecordViewSet):
    """What was said between the customer's people and ours. `DELETE` takes the entry back."""

    queryset = Touchpoint.objects.filter(retracted_at=None)
    serializer_class = TouchpointSerializer
    filterset_class = TouchpointFilter
    ordering_fields = ("id", "occurred_at", "updated_at")
    ordering = "-occurred_at"

    def with_parts(self, rows: Any) -> Any:
        readable = rows.with_readable_body(self.request.user)
        return readable.prefetch_related("contacts", "users", "signals")

    def make(self, data: dict[str, Any]) -> Touchpoint:
        account = data.pop("account")
        (row,) = record_touchpoint(accounts=[account], source="api", by=self.me, at=self.at, **data)
        return row

    def change(self, row: Touchpoint, data: dict[str, Any]) -> Touchpoint:
        return update_touchpoint(touchpoint=row, changes=data, by=self.me, at=self.at)

    def remove(self, row: Touchpoint) -> None:
        retract_touchpoint(touchpoint=row, by=self.me, at=self.at)
