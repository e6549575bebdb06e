"""The resource `segments`."""

from typing import Any

from accounts.api.base import RecordViewSet, Restores
from accounts.api.serializers.segments import SegmentSerializer
from accounts.models import Segment
from accounts.services.authors import written_by
from accounts.services.segment_edits import change_segment, put_away_segment, take_up_segment
from accounts.services.segments import save_segment


class SegmentViewSet(Restores, RecordViewSet):
    """Named rules over accounts, for `accounts/?segment=`. Everybody sees them, administrators
    change them; the key stays."""

    queryset = Segment.objects.filter(archived_at=None)
    serializer_class = SegmentSerializer
    filterset_fields = ("key", "stage", "is_shipped")
    ordering_fields = ("id", "key", "updated_at")
    ordering = "key"

    def make(self, data: dict[str, Any]) -> Segment:
        with written_by(self.me):
            return save_segment(at=self.at, by=self.me, **data)

    def change(self, row: Segment, data: dict[str, Any]) -> Segment:
        values = {name: getattr(row, name) for name in ("name_en", "name_ja", "rule")} | data
        values.pop("key", None)
        return change_segment(segment=row, **values, at=self.at, by=self.me)

    def remove(self, row: Segment) -> None:
        put_away_segment(segment=row, by=self.me, at=self.at)

    def bring_back(self, row: Segment) -> Segment:
        """Bring back an archived segment; who fulfils its rules enters now."""
        take_up_segment(segment=row, by=self.me, at=self.at)
        return row
