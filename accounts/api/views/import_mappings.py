"""The resource `import-mappings`."""

from typing import Any

from accounts.api.base import RecordViewSet
from accounts.api.serializers.import_mappings import ImportMappingSerializer
from accounts.models import ImportMapping
from accounts.services.imports.kept import change_mapping, keep_mapping, remove_mapping


class ImportMappingViewSet(RecordViewSet):
    """Which column of a file is which field: one's own and those shared with everybody, which only
    who made them changes. `DELETE` takes one away; imports that used it keep theirs."""

    queryset = ImportMapping.objects.all()
    serializer_class = ImportMappingSerializer
    filterset_fields = ("kind", "name", "owner", "is_shared")
    ordering_fields = ("id", "name", "updated_at")
    ordering = "id"

    def make(self, data: dict[str, Any]) -> ImportMapping:
        return keep_mapping(by=self.me, at=self.at, **data)

    def change(self, row: ImportMapping, data: dict[str, Any]) -> ImportMapping:
        changes = {name: value for name, value in data.items() if name != "kind"}
        return change_mapping(kept=row, changes=changes, by=self.me, at=self.at)

    def remove(self, row: ImportMapping) -> None:
        remove_mapping(kept=row)
