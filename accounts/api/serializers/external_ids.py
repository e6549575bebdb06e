"""By which ids other systems know our records, over the API."""

from typing import Any

from rest_framework import serializers

from accounts.api.schema import FieldErrorSerializer
from accounts.choices import IdentifiedKind
from accounts.models import ExternalRef
from accounts.services.bulk import MOST_ITEMS
from accounts.services.external_ids import IDENTIFIED

_UNKNOWN = serializers.PrimaryKeyRelatedField.default_error_messages["does_not_exist"]
_HIGHEST = 10**18 - 1


class ExternalIdSerializer(serializers.ModelSerializer[ExternalRef]):
    """One id of one record in one system; a system gives each id once a kind of record."""

    kind = serializers.ChoiceField(choices=IdentifiedKind.choices)
    record = serializers.IntegerField(
        source="object_id",
        min_value=1,
        max_value=_HIGHEST,
        help_text="Id of the record, of its kind.",
    )

    class Meta:
        model = ExternalRef
        validators = ()  # uniqueness is the database's, and its refusals have names
        fields = ("id", "kind", "record", "source", "value")
        extra_kwargs = {
            "source": {"help_text": "Lower-case letters, digits, - and _, such as salesforce."}
        }

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        """Find the record among those the caller may change; any other does not exist."""
        number = data.pop("object_id")
        model: Any = IDENTIFIED[data.pop("kind")]
        found = model.objects.editable_by(self.context["request"].user).filter(pk=number).first()
        if found is None:
            words = _UNKNOWN.format(pk_value=number)
            raise serializers.ValidationError({"record": [words]})
        return data | {"record": found}


class ExternalIdItemSerializer(serializers.Serializer[Any]):
    """An id to add to a record, or with `remove` to take away from it."""

    kind = serializers.ChoiceField(choices=IdentifiedKind.choices)
    record = serializers.IntegerField(min_value=1, max_value=_HIGHEST)
    source = serializers.CharField(max_length=40)  # type: ignore[assignment]
    value = serializers.CharField(max_length=200)
    remove = serializers.BooleanField(default=False)


class ExternalIdBulkSerializer(serializers.Serializer[Any]):
    """Items act one after the other: an id may go from one record to the next in one batch."""

    items = serializers.ListField(
        child=serializers.DictField(),
        min_length=1,
        max_length=MOST_ITEMS,
        help_text="Each with kind, record, source and value; with remove: true it goes.",
    )


class ExternalIdRowSerializer(serializers.Serializer[Any]):
    """What became of an item; `status` is the HTTP status it would have been answered with."""

    index = serializers.IntegerField()
    status = serializers.IntegerField()
    outcome = serializers.ChoiceField(choices=["created", "removed", "unchanged", "failed"])
    id = serializers.IntegerField(allow_null=True)
    errors = FieldErrorSerializer(many=True)  # type: ignore[assignment]


class ExternalIdResultSerializer(serializers.Serializer[Any]):
    """The rows in the order of the items, and how many of each outcome."""

    created = serializers.IntegerField()
    removed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    failed = serializers.IntegerField()
    results = ExternalIdRowSerializer(many=True)
