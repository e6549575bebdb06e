"""The resource `segments`."""

from typing import Any

from accounts.api.base import RecordViewSet
from accounts.api.serializers.segments import SegmentSerializer
from accounts.models import Segment
from accounts.services.segments import archive_segment, save_segment


class SegmentViewSet(RecordViewSet):
    """Named rules over accounts, for `accounts/?segment=`. Everybody sees them, administrators
    change them; the key stays."""

    queryset = Segment.objects.filter(archived_at=None)
    serializer_class = SegmentSerializer
    filterset_fields = ("key", "stage", "is_shipped")
    ordering_fields = ("id", "key", "updated_at")
    ordering = "key"

    def make(self, data: dict[str, Any]) -> Segment:
        return save_segment(at=self.at, by=self.request.user, **data)

    def change(self, row: Segment, data: dict[str, Any]) -> Segment:
        values = {name: getattr(row, name) for name in ("name_en", "name_ja", "rule")} | data
        return save_segment(
            **values | {"key": row.key, "is_shipped": row.is_shipped},
            at=self.at,
            by=self.request.user,
        )

    def remove(self, row: Segment) -> None:
        archive_segment(segment=row, at=self.at)
