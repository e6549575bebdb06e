"""What a request says, member by member: nothing is dropped without a word.

A misspelt member that is ignored looks as if it had been done. So a member a shape does not know is
refused by its place, beside whatever else is wrong; those it only shows are left aside, so that a
record may be sent back as it was read.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request

from config.lib.problem_details import faults_of, place_of
from config.lib.problems import FieldError, Problem

NO_MEMBER = _("There is no such member.")
Shape = serializers.BaseSerializer[Any]


def read_body(shape: Shape) -> dict[str, Any]:
    """Return what a body says, as `shape` reads it.

    :raises Problem: naming each member it does not know, and each it does not take.
    """
    faults = list(_faults(shape, shape.initial_data, ""))
    try:
        shape.is_valid(raise_exception=True)
    except serializers.ValidationError as error:
        faults += faults_of(error.detail)
    if faults:
        raise Problem(errors=faults)
    return dict(shape.validated_data)


def refuse_members(request: Request) -> None:
    """Take a body only where it says nothing.

    :raises Problem: naming each member.
    """
    if request.data:
        read_body(serializers.Serializer(data=request.data))


def changes_of(shape: serializers.Serializer[Any], said: dict[str, Any]) -> dict[str, Any]:
    """Return those members of a body that was read that would change the record of the shape.

    A member that is never shown says how a change is meant (from which day, for which records):
    with one of them every member counts. A shape may name members without which another would mean
    something else (`goes_with`: member → members): they stay beside it.
    """
    fields = {field.source: field for field in shape.fields.values() if field.source in said}
    if any(field.write_only for field in fields.values()):
        return said
    shown = shape.data
    changed = {
        source
        for source, value in said.items()
        if not _stands(fields[source], value, shape.initial_data, shown)
    }
    meant: Mapping[str, Collection[str]] = getattr(shape, "goes_with", {})
    kept = changed.union(*(meant.get(source, ()) for source in changed))
    return {source: value for source, value in said.items() if source in kept}


def whole(shape: serializers.Serializer[Any], said: dict[str, Any]) -> dict[str, Any]:
    """Return what an inner shape read, with every member it needs.

    Within a change the framework lets inner members be left out as well; but inner records are
    replaced and not changed.

    :raises ValidationError: naming each member that is missing.
    """
    needed = (field for field in shape.fields.values() if field.required and not field.read_only)
    missing = {
        str(field.field_name): [field.error_messages["required"]]
        for field in needed
        if field.source not in said
    }
    if missing:
        raise serializers.ValidationError(missing)
    return said


def _stands(field: Any, value: Any, sent: Mapping[str, Any], shown: Mapping[str, Any]) -> bool:
    name = field.field_name
    if name not in shown or (name in sent and sent[name] == shown[name]):
        return name in shown
    if value is None or isinstance(field, serializers.BaseSerializer):
        return False
    return bool(field.to_representation(value) == shown[name])


def _faults(shape: Any, data: Any, place: str) -> Iterator[FieldError]:
    """Yield what the framework lets pass, to any depth: members nobody knows, numbers for texts."""
    if isinstance(shape, serializers.ListSerializer):
        for number, inner in enumerate(data if isinstance(data, list) else ()):
            yield from _faults(shape.child, inner, f"{place}/{number}")
    elif isinstance(shape, serializers.Serializer) and isinstance(data, Mapping):
        for name, inner in data.items():
            field = shape.fields.get(name)
            if field is None:
                yield FieldError(place_of(place, name), NO_MEMBER)
            elif not field.read_only:
                yield from _faults(field, inner, place_of(place, name))
    elif isinstance(shape, serializers.CharField) and type(data) in {int, float}:
        yield FieldError(place, shape.error_messages["invalid"])
