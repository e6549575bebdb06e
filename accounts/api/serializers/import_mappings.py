"""Which column of a file is which field, kept for the next file of that shape, over the API."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.api.serializers.jobs import importer_choices
from accounts.models import ImportMapping

MOST_COLUMNS = 500
_HEADER = 200
_KEY = 80
_LONGEST = 10_000


class ColumnsSerializer(serializers.Serializer[Any]):
    """What headers are taken for, which fields an empty cell empties, what new rows hold that say
    nothing, and whether fields that say something already stay."""

    columns = serializers.DictField(
        child=serializers.CharField(max_length=_KEY, allow_null=True),
        required=False,
        help_text="Header → key of the field, or null to leave the column out.",
    )
    clear = serializers.ListField(
        child=serializers.CharField(max_length=_KEY), required=False, max_length=MOST_COLUMNS
    )
    values = serializers.DictField(
        child=serializers.CharField(max_length=_LONGEST),
        required=False,
        help_text="Key of a field → the text that stands where a row says nothing.",
    )
    fill_only = serializers.BooleanField(
        required=False,
        help_text="Fill in what is empty; a field that says something already stays as it is.",
    )

    def validate_columns(self, columns: dict[str, Any]) -> dict[str, Any]:
        """Refuse more columns than a file may have."""
        if len(columns) > MOST_COLUMNS:
            words = serializers.ListField.default_error_messages["max_length"]
            raise serializers.ValidationError(words.format(max_length=MOST_COLUMNS))
        return columns


class ImportMappingSerializer(serializers.ModelSerializer[ImportMapping]):
    """A mapping under its name; `imports/` takes it as `mapping_id`.

    `header` are the headers it is offered for, folded and in order: those of `mapping` unless
    given.
    """

    kind = serializers.ChoiceField(choices=importer_choices())
    mapping = ColumnsSerializer()
    header = serializers.ListField(
        child=serializers.CharField(max_length=_HEADER), required=False, max_length=MOST_COLUMNS
    )

    class Meta:
        model = ImportMapping
        validators = ()  # uniqueness is the database's, and its refusals have names
        fields = (
            "id",
            "name",
            "kind",
            "header",
            "mapping",
            "is_shared",
            "owner",
            "created_at",
            "updated_at",
        )
        read_only_fields = ("owner", "created_at", "updated_at")

    def validate_kind(self, kind: str) -> str:
        """Keep the kind: the fields are those of it."""
        if self.instance is not None and kind != self.instance.kind:
            raise serializers.ValidationError(_("It stays as it is."))
        return kind
