"""The history of an account over the API."""

from typing import Any

from rest_framework import serializers

from accounts.registry import timeline

YEARS = (1900, 3000)


class InstantField(serializers.DateTimeField):
    """An instant any zone can be applied to."""

    def to_internal_value(self, value: Any) -> Any:
        try:
            instant = super().to_internal_value(value)
        except OverflowError:
            self.fail("overflow")
        if not YEARS[0] <= instant.year < YEARS[1]:
            self.fail("overflow")
        return instant


class TimelineQuerySerializer(serializers.Serializer[Any]):
    """Where a page starts, as the page before said, and which kind of events to keep."""

    before = InstantField(required=False)
    skip = serializers.IntegerField(required=False, default=0, min_value=0, max_value=999_999)
    only = serializers.CharField(required=False, default="")

    def validate_only(self, value: str) -> str:
        """Refuse kinds of events there are none of."""
        if value and value not in timeline:
            raise serializers.ValidationError("invalid")
        return value


class TimelineItemSerializer(serializers.Serializer[Any]):
    """One event in the caller's language; `tone` is empty or a band of health."""

    source: Any = serializers.CharField()
    at = serializers.DateTimeField()
    title = serializers.CharField()
    text = serializers.CharField()
    chips = serializers.ListField(child=serializers.CharField())
    tone = serializers.CharField()


class TimelineSerializer(serializers.Serializer[Any]):
    """Events newest first; the next page starts at `before`, null at the end, less `skip`."""

    results = TimelineItemSerializer(source="items", many=True)
    before = serializers.DateTimeField(allow_null=True)
    skip = serializers.IntegerField()
