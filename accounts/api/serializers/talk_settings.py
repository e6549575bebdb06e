"""Types of talks and templates for minutes over the API."""

from typing import Any

from rest_framework import serializers

from accounts.choices import Direction, TouchpointIcon
from accounts.domain.touchpoint_types import INTERNAL_NOTE, LONGEST_KEY, LONGEST_TALK
from accounts.models import MinutesTemplate, TouchpointType
from accounts.selectors.touchpoint_types import touchpoint_types
from accounts.services.touchpoint_types import NoteStaysInternal


class TouchpointTypeSerializer(serializers.ModelSerializer[TouchpointType]):
    """One type of talk: its key for good, its names, and what is usual for it.

    `internal_note` alone has the direction `internal`; what is `is_archived` talks have still, new
    ones can't.
    """

    key = serializers.SlugField(max_length=LONGEST_KEY, read_only=True)
    label_ja = serializers.CharField(max_length=40)
    label_en = serializers.CharField(max_length=40)
    icon = serializers.ChoiceField(choices=TouchpointIcon.choices, required=False)
    direction = serializers.ChoiceField(choices=Direction.choices, required=False)
    duration_minutes = serializers.IntegerField(
        min_value=1, max_value=LONGEST_TALK, allow_null=True, required=False
    )
    is_shipped = serializers.BooleanField(read_only=True)
    is_changed = serializers.BooleanField(read_only=True)
    is_archived = serializers.BooleanField(required=False)

    class Meta:
        model = TouchpointType
        fields = (
            "key",
            "label_ja",
            "label_en",
            "icon",
            "direction",
            "duration_minutes",
            "is_shipped",
            "is_changed",
            "is_archived",
        )

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        """Keep the direction of talks and that of notes apart; what a note has may be sent back."""
        is_note = self.instance is not None and self.instance.key == INTERNAL_NOTE
        is_internal = data.get("direction") == Direction.INTERNAL
        if is_note and is_internal:
            del data["direction"]
        elif is_internal:
            raise NoteStaysInternal
        return data


class MoveSerializer(serializers.Serializer[Any]):
    """Which way a type goes by one place."""

    earlier = serializers.BooleanField()


class MinutesTemplateSerializer(serializers.ModelSerializer[MinutesTemplate]):
    """Headings from which the minutes of one type of talk begin.

    A shipped one is told in the caller's language until the organisation writes its own.
    """

    key = serializers.SlugField(max_length=40, read_only=True)
    type = serializers.CharField(max_length=20, help_text="Key of a type of talk.")
    is_shipped = serializers.BooleanField(read_only=True)
    is_own = serializers.BooleanField(
        read_only=True, help_text="Written or changed by the organisation."
    )

    class Meta:
        model = MinutesTemplate
        fields = (
            "key",
            "type",
            "name",
            "purpose",
            "body",
            "decisions",
            "is_hidden",
            "is_shipped",
            "is_own",
        )
        extra_kwargs = {name: {"trim_whitespace": False} for name in ("body", "decisions")}

    def validate_type(self, key: str) -> str:
        """Take a type there is."""
        if key not in {one.key for one in touchpoint_types()}:
            words = serializers.ChoiceField.default_error_messages["invalid_choice"]
            raise serializers.ValidationError(words.format(input=key))
        return key
