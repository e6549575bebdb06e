"""Custom and computed attributes over the API."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.choices import Tier
from accounts.models import AttributeDefinition
from config.lib.bodies import whole


class OptionSerializer(serializers.Serializer[Any]):
    """One value of a choice, its name in both languages, and other words for it."""

    value = serializers.CharField(max_length=100)
    label_ja = serializers.CharField(max_length=100, required=False)
    label_en = serializers.CharField(max_length=100, required=False)
    synonyms = serializers.ListField(
        child=serializers.CharField(max_length=100), required=False, max_length=100
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for a whole option: a change of an attribute replaces them."""
        return whole(self, attrs)

    def to_representation(self, instance: Any) -> Any:
        return super().to_representation(
            instance if isinstance(instance, dict) else {"value": instance}
        )


class AttributeSerializer(serializers.ModelSerializer[AttributeDefinition]):
    """One attribute; with an `expression` it is computed and takes no values."""

    options = OptionSerializer(many=True, required=False)
    required_tiers = serializers.ListField(
        child=serializers.CharField(max_length=1), required=False, max_length=len(Tier)
    )

    class Meta:
        model = AttributeDefinition
        validators = ()
        fields = (
            "id",
            "key",
            "type",
            "label_en",
            "label_ja",
            "description_en",
            "description_ja",
            "options",
            "takes_others",
            "expression",
            "place",
            "is_listed",
            "required_tiers",
            "is_archived",
        )
        read_only_fields = ("is_archived",)
        extra_kwargs = {"key": {"validators": ()}, "place": {"max_value": 9999}}

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        """Keep key and type: imports, segments and formulas name the attribute by them."""
        if self.instance is not None:
            for name in ("key", "type"):
                if data.pop(name, getattr(self.instance, name)) != getattr(self.instance, name):
                    raise serializers.ValidationError({name: [_("It stays as it is.")]})
        return data
