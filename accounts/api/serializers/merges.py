"""Merges and duplicates over the API."""

from collections import defaultdict
from typing import Any

from django.utils.functional import cached_property
from rest_framework import serializers

from accounts.choices import DuplicateReason, MergeEffect, MergeKind
from accounts.models import MergeRecord
from accounts.querysets import ScopedQuerySet
from accounts.selectors.merge_words import model_of
from accounts.services.merges.records import counts_of


class MovedSerializer(serializers.Serializer[Any]):
    """How many rows of a kind moved over, ended or were noted."""

    label = serializers.CharField()  # type: ignore[assignment]
    effect = serializers.ChoiceField(choices=MergeEffect.choices)
    n = serializers.IntegerField()


class MergeSerializer(serializers.ModelSerializer[MergeRecord]):
    """One record went into another. `values` holds [before, after] of each field taken over."""

    source: Any = serializers.IntegerField(source="source_id")
    into = serializers.IntegerField(source="target_id")
    keep = serializers.DictField(
        child=serializers.ChoiceField(choices=("source", "target")),
        write_only=True,
        required=False,
        help_text="For each field that differs whose value stays; the target's by default.",
    )
    values = serializers.JSONField(read_only=True)
    moved = serializers.SerializerMethodField()

    class Meta:
        model = MergeRecord
        validators = ()  # uniqueness is the database's, and its refusals have names
        fields = (
            "id",
            "kind",
            "source",
            "into",
            "keep",
            "values",
            "moved",
            "merged_at",
            "merged_by",
            "undone_at",
            "undone_by",
        )
        read_only_fields = ("merged_at", "merged_by", "undone_at", "undone_by")

    def to_representation(self, record: Any) -> dict[str, Any]:
        """Show null for a record, or a link among the values, that the caller does not see."""
        shown = super().to_representation(record)
        values = dict(record.values)
        for name, model in _links(record):
            values[name] = [pk if pk in self._seen[model] else None for pk in values[name]]
        return shown | {"source": record.seen_source, "into": record.seen_into, "values": values}

    @cached_property
    def _seen(self) -> dict[Any, set[int]]:
        """Find by kind which records linked from all merges shown the caller sees."""
        wanted: dict[Any, set[int]] = defaultdict(set)
        shown: Any = self.parent.instance if self.parent else [self.instance]
        for record in shown:
            for name, model in _links(record):
                wanted[model] |= set(filter(None, record.values[name]))
        return {model: self._visible(model, ids) for model, ids in wanted.items()}

    def _visible(self, model: Any, ids: set[int]) -> set[int]:
        rows = model._default_manager.filter(pk__in=ids)
        if isinstance(rows, ScopedQuerySet):
            rows = rows.visible_to(self.context["request"].user)
        return set(rows.values_list("pk", flat=True))

    def get_moved(self, record: MergeRecord) -> list[dict[str, Any]]:
        """Return counts by kind of row and what happened to it."""
        counted: list[dict[str, Any]] = MovedSerializer(counts_of(record), many=True).data  # type: ignore[assignment]
        return counted


class FieldChoiceSerializer(serializers.Serializer[Any]):
    """A field in which both differ, and whose value would stay."""

    name = serializers.CharField()
    source = serializers.SerializerMethodField(method_name="of_source")  # type: ignore[assignment]
    target = serializers.SerializerMethodField(method_name="of_target")
    taken = serializers.ChoiceField(choices=("source", "target"))

    def of_source(self, choice: Any) -> str:
        """Return the value of the record that would go, as text."""
        return _text(choice.source)

    def of_target(self, choice: Any) -> str:
        """Return the value of the record that would stay, as text."""
        return _text(choice.target)


class MergePreviewSerializer(serializers.Serializer[Any]):
    """What a merge would do."""

    fields_that_differ = FieldChoiceSerializer(source="fields", many=True)
    moved = MovedSerializer(source="counts", many=True)
    people = serializers.SerializerMethodField()

    def get_people(self, preview: Any) -> list[list[int]]:
        """Return [goes, stays] of contacts with one mail address."""
        return [[gone.pk, stays.pk] for gone, stays in preview.people]


class DuplicateQuery(serializers.Serializer[Any]):
    """Which pairs are asked for."""

    kind = serializers.ChoiceField(choices=MergeKind.choices, default=MergeKind.ACCOUNT)
    reason = serializers.ChoiceField(choices=DuplicateReason.choices, default="")
    after = serializers.RegexField(r"^\d{1,18}-\d{1,18}\Z", default="")


class DuplicateSerializer(serializers.Serializer[Any]):
    """Two records that may be one, and why."""

    kind = serializers.ChoiceField(choices=MergeKind.choices)
    one = serializers.IntegerField(source="low.pk")
    other = serializers.IntegerField(source="high.pk")
    names = serializers.SerializerMethodField()
    reasons = serializers.ListField(
        child=serializers.ChoiceField(choices=DuplicateReason.choices), read_only=True
    )

    def get_names(self, pair: Any) -> list[str]:
        """Return what both are called."""
        return [str(pair.low), str(pair.high)]


class DismissalSerializer(serializers.Serializer[Any]):
    """These two are two."""

    kind = serializers.ChoiceField(choices=MergeKind.choices)
    one = serializers.IntegerField(min_value=1)
    other = serializers.IntegerField(min_value=1)


def _links(record: MergeRecord) -> list[tuple[str, Any]]:
    """Return which of the values are ids, and of what."""
    model = model_of(record.kind)
    columns = (column for column in model._meta.concrete_fields if column.is_relation)
    return [(one.name, one.related_model) for one in columns if one.name in record.values]


def _text(value: Any) -> str:
    return "" if value is None else str(getattr(value, "pk", value))
