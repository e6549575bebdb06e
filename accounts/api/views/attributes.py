"""The resource `attributes`."""

from typing import Any

from accounts.api.base import RecordViewSet, Restores
from accounts.api.serializers.attributes import AttributeSerializer
from accounts.models import AttributeDefinition
from accounts.services.attribute_definitions import (
    archive_attribute,
    change_attribute,
    declare_attribute,
)


class AttributeViewSet(Restores, RecordViewSet):
    """Custom and computed attributes of accounts. Everybody reads them, administrators declare
    them; key and type stay. `DELETE` archives, the values are kept."""

    queryset = AttributeDefinition.objects.all()
    serializer_class = AttributeSerializer
    filterset_fields = ("key", "type", "is_archived")
    ordering_fields = ("id", "key", "place")
    ordering = "key"

    def make(self, data: dict[str, Any]) -> AttributeDefinition:
        kind = data.pop("type")
        return declare_attribute(kind=kind, by=self.me, **data)

    def change(self, row: AttributeDefinition, data: dict[str, Any]) -> AttributeDefinition:
        return change_attribute(definition=row, changes=data, at=self.at, by=self.me)

    def remove(self, row: AttributeDefinition) -> None:
        archive_attribute(definition=row, by=self.me)

    def bring_back(self, row: AttributeDefinition) -> AttributeDefinition:
        """Bring back an archived attribute, with the values it had."""
        return archive_attribute(definition=row, archived=False, by=self.me)
