"""Many records in one body, and what became of each."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from accounts.api.schema import FieldErrorSerializer
from accounts.services.bulk import MOST_ITEMS

_EXAMPLE = OpenApiExample(
    "Make one, change one",
    value={
        "items": [
            {"external_id": "crm-1001", "name": "青嶺精機株式会社", "team": 1, "tier": "a"},
            {"id": 1, "phase": "adoption", "attributes": {}},
        ]
    },
    request_only=True,
)


@extend_schema_serializer(examples=[_EXAMPLE])
class BulkSerializer(serializers.Serializer[Any]):
    """Each item names its record by `id` or `external_id`; an unknown `external_id` makes one.

    The other members are those of the resource, and the columns of its import: a parent by
    `parent` or `parent_external_id`, a team by id or name. Absent members stay as they are.
    """

    items = serializers.ListField(
        child=serializers.DictField(), min_length=1, max_length=MOST_ITEMS
    )


class BulkRowSerializer(serializers.Serializer[Any]):
    """What became of an item; `status` is the HTTP status it would have been answered with."""

    index = serializers.IntegerField()
    status = serializers.IntegerField()
    outcome = serializers.ChoiceField(choices=["created", "updated", "unchanged", "failed"])
    id = serializers.IntegerField(allow_null=True)
    external_id = serializers.CharField(allow_null=True)
    errors = FieldErrorSerializer(many=True)  # type: ignore[assignment]


class BulkResultSerializer(serializers.Serializer[Any]):
    """The rows in the order of the items, and how many of each outcome."""

    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    failed = serializers.IntegerField()
    results = BulkRowSerializer(many=True)
