"""Links between records in request bodies: an id the caller may not see does not exist."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from rest_framework import serializers
from rest_framework.relations import PKOnlyObject

from accounts.querysets import ScopedQuerySet


class LinkField(serializers.PrimaryKeyRelatedField):  # type: ignore[type-arg]
    """The id of a record the caller sees.

    :param writes: a kind of record; only accounts the caller may add such records to count, none
        that was merged into another one, where nobody would look; and of other records those they
        may change: what hangs on a record changes it.
    """

    def __init__(self, *, writes: str = "", **kwargs: Any) -> None:
        self.writes = writes
        super().__init__(**kwargs)

    def get_queryset(self) -> Any:
        rows: Any = super().get_queryset()
        user = self.context["request"].user if "request" in self.context else None
        if user is None or not hasattr(rows, "visible_to"):
            return rows
        if not self.writes:
            return rows.visible_to(user)
        if not hasattr(rows, "open_for"):
            return rows.editable_by(user)
        kept = getattr(self.parent.instance, f"{self.source}_id", None)
        return rows.open_for(user, self.writes).filter(
            models.Q(merged_into=None) | models.Q(pk=kept)
        )

    def may_be_hidden(self) -> bool:
        """Say whether it shows a link to customer data, which not everybody sees."""
        model = getattr(getattr(self.parent, "Meta", None), "model", None)
        if model is None or self.write_only:
            return False
        target: Any = model._meta.get_field(self.source).related_model
        return isinstance(target._default_manager.all(), ScopedQuerySet)

    def get_attribute(self, instance: Any) -> Any:
        """Read what `with_seen_links` found: null for a record the caller does not see."""
        seen = f"seen_{self.source}"
        if hasattr(instance, seen):
            return PKOnlyObject(getattr(instance, seen))
        return super().get_attribute(instance)


class LinksField(serializers.ListField):
    """Ids of records the caller sees, looked up in one query however many."""

    default_error_messages = serializers.PrimaryKeyRelatedField.default_error_messages

    def __init__(self, *, queryset: models.QuerySet[Any], **kwargs: Any) -> None:
        self.queryset = queryset
        super().__init__(child=serializers.IntegerField(), max_length=500, **kwargs)

    def to_internal_value(self, data: Any) -> list[Any]:
        ids = list(dict.fromkeys(super().to_internal_value(data)))
        rows: Any = self.queryset.all()
        found = rows.visible_to(self.context["request"].user).in_bulk(ids)
        missing = {
            place: [self.error_messages["does_not_exist"].format(pk_value=pk)]
            for place, pk in enumerate(ids)
            if pk not in found
        }
        if missing:
            raise serializers.ValidationError(missing)  # type: ignore[arg-type]
        return [found[pk] for pk in ids]

    def to_representation(self, data: Any) -> list[int]:
        rows = data if isinstance(data, list) else data.all()  # as they are read, as they stand
        return sorted(row.pk for row in rows)


class WordsField(serializers.ListField):
    """Plain words that are rows of their own behind: given and shown as a whole.

    :param shows: the attribute of a row that holds the word.
    :param fetched: the attribute of the record to which its view prefetched the rows.
    :param which: the attribute of a row that says whether it counts; all do where none is named.
    """

    def __init__(self, *, shows: str, fetched: str, which: str = "", **kwargs: Any) -> None:
        self.shows = shows
        self.fetched = fetched
        self.which = which
        super().__init__(**kwargs)

    def get_attribute(self, instance: Any) -> Any:
        """Return the rows."""
        rows = getattr(instance, self.fetched)
        return [row for row in rows if getattr(row, self.which)] if self.which else rows

    def to_representation(self, data: Any) -> list[str]:
        return sorted(row if isinstance(row, str) else getattr(row, self.shows) for row in data)


def with_seen_links(rows: Any, names: Iterable[str], *, user: Any) -> Any:
    """Annotate `seen_<name>`: the id a link holds, null where the user does not see the record."""
    seen = {}
    for name in names:
        targets: Any = rows.model._meta.get_field(name).related_model._default_manager
        found = targets.visible_to(user).filter(pk=models.OuterRef(f"{name}_id")).values("pk")
        seen[f"seen_{name}"] = models.Subquery(found[:1])
    return rows.annotate(**seen)


def links_of(serializer: Any) -> list[str]:
    """Return the links to customer data that a serializer shows."""
    links = (field for field in serializer.fields.values() if isinstance(field, LinkField))
    return [str(field.source) for field in links if field.may_be_hidden()]
