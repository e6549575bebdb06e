"""By which ids other systems know our records, over the API."""

from typing import Any

from rest_framework import serializers

from accounts.choices import IdentifiedKind
from accounts.models import ExternalRef
from accounts.services.external_ids import IDENTIFIED

_UNKNOWN = serializers.PrimaryKeyRelatedField.default_error_messages["does_not_exist"]


class ExternalIdSerializer(serializers.ModelSerializer[ExternalRef]):
    """One id of one record in one system; a system gives each id once a kind of record."""

    kind = serializers.ChoiceField(choices=IdentifiedKind.choices)
    record = serializers.IntegerField(
        source="object_id",
        min_value=1,
        max_value=10**18 - 1,
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
