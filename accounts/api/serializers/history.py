"""Who changed what over the API: ids and keys for programs, words for people."""

import datetime as dt
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.serializers.timeline import InstantField
from accounts.models import User
from accounts.selectors.change_words import ACTIONS, THROUGH, Line, through
from accounts.selectors.changes import all_trails
from config.lib.pagination import LARGEST_PAGE

LINES_A_PAGE = 50


def kind_of(trail: str) -> str:
    """Return the word for the rows of a trail: its model's name, whoever's part they are."""
    return trail.rpartition(".")[2]


def kinds_told() -> list[str]:
    """Return the words for all rows of which changes are kept."""
    return sorted(kind_of(trail.key) for trail in all_trails())


class HistoryQuerySerializer(serializers.Serializer[Any]):
    """Which page of a record's changes."""

    cursor = serializers.CharField(required=False, default=None)
    page_size = serializers.IntegerField(
        required=False, default=LINES_A_PAGE, min_value=1, max_value=LARGEST_PAGE
    )


class AuditQuerySerializer(HistoryQuerySerializer):
    """Which changes of everything, and which page of them; ranges hold both ends."""

    kind = serializers.ChoiceField(
        required=False, choices=kinds_told(), help_text="As `history/<kind>/` and results name it."
    )
    record = serializers.IntegerField(
        required=False, min_value=1, max_value=10**18 - 1, help_text="Goes with `kind`."
    )
    user = serializers.PrimaryKeyRelatedField(required=False, queryset=User.objects.all())
    at_after = InstantField(required=False)
    at_before = InstantField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for the kind of a record: numbers stand for one only together with it."""
        if "record" in attrs and "kind" not in attrs:
            words = serializers.Field.default_error_messages["required"]
            raise serializers.ValidationError({"kind": [words]})
        return attrs


class ChangedFieldSerializer(serializers.Serializer[Any]):
    """One field: what it was and what it became, in the caller's language; null for nothing."""

    column = serializers.CharField(help_text="Stable; programs decide by it.")
    label = serializers.CharField()  # type: ignore[assignment]
    before = serializers.SerializerMethodField()
    after = serializers.SerializerMethodField()

    def get_before(self, entry: Any) -> str | None:
        """Return what it was."""
        return _text(entry.before)

    def get_after(self, entry: Any) -> str | None:
        """Return what it became."""
        return _text(entry.after)


class ChangeSerializer(serializers.Serializer[Any]):
    """One change of one row: who, when, through what, from what to what."""

    at = serializers.DateTimeField()
    kind = serializers.SerializerMethodField()
    record = serializers.IntegerField(source="change.obj")
    called = serializers.CharField(source="subject", help_text="What the row calls itself.")
    action = serializers.ChoiceField(choices=list(ACTIONS), source="change.action")
    user = serializers.SerializerMethodField(help_text="Id of who did it; null for a program.")
    through = serializers.SerializerMethodField()
    fields = ChangedFieldSerializer(many=True, source="entries")  # type: ignore[assignment]

    def get_kind(self, line: Line) -> str:
        """Return by which word the kind of the row is named."""
        return kind_of(line.change.trail)

    def get_user(self, line: Line) -> int | None:
        """Return who did it."""
        user = line.change.context.get("user")
        return user if isinstance(user, int) else None

    @extend_schema_field(serializers.ChoiceField(choices=list(THROUGH)))
    def get_through(self, line: Line) -> str:
        """Return what it came through."""
        return through(line.change.context)


class ChangePageSerializer(serializers.Serializer[Any]):
    """A page of changes, the newest first."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ChangeSerializer(many=True)


def _text(value: Any) -> str | None:
    if value is None or value == "":
        return None
    return value.isoformat() if isinstance(value, dt.date) else str(value)
