"""Members upper apps add to `accounts`: the field registry's dotted keys, grouped by prefix.

`health.score` and `health.band` become `{"health": {"score": …, "band": …}}`. A prefix that is a
kind of record follows its policy: where the caller may not see it, the whole member is null.
"""

from typing import Any

from rest_framework import serializers

from accounts.choices import RecordKind, Scope
from accounts.querysets import reach_of
from accounts.registry import Field, fields

_SHAPES: dict[str, type[serializers.Field[Any, Any, Any, Any]]] = {
    "number": serializers.FloatField,
    "delta": serializers.FloatField,
    "boolean": serializers.BooleanField,
    "date": serializers.DateField,
    "datetime": serializers.DateTimeField,
}


def extension_fields() -> dict[str, dict[str, Field]]:
    """Return {member: {name: field}} of all dotted keys, in key order."""
    groups: dict[str, dict[str, Field]] = {}
    for key, member in fields.items():
        group, dot, name = key.partition(".")
        if dot:
            groups.setdefault(group, {})[name] = member
    return groups


def extension_keys() -> list[str]:
    """Return the keys `with_fields` must annotate."""
    return [field.key for group in extension_fields().values() for field in group.values()]


def extension_ordering() -> dict[str, str]:
    """Return {public name: annotation} of what lists can be sorted by."""
    return {
        field.key: field.alias
        for group in extension_fields().values()
        for field in group.values()
        if field.is_sortable
    }


def extension_serializers() -> dict[str, serializers.BaseSerializer[Any]]:
    """Return a read-only serializer for each member."""
    return {
        group: type(f"Account{group.title()}Serializer", (_Extension,), _parts(group, members))(
            source="*", read_only=True, allow_null=True
        )
        for group, members in extension_fields().items()
    }


def _parts(group: str, members: dict[str, Field]) -> dict[str, Any]:
    return {"group": group} | {name: _part(field) for name, field in members.items()}


def _part(field: Field) -> serializers.Field[Any, Any, Any, Any]:
    if field.type == "money":
        return serializers.DecimalField(
            source=field.alias, max_digits=18, decimal_places=2, read_only=True, allow_null=True
        )
    shape = _SHAPES.get(field.type, serializers.CharField)
    return shape(source=field.alias, read_only=True, allow_null=True)


class _Extension(serializers.Serializer[Any]):
    """One member; null for rows of which the caller may not see this kind of record."""

    group = ""

    def to_representation(self, instance: Any) -> Any:
        return super().to_representation(instance) if self._is_shown(instance) else None

    def _is_shown(self, account: Any) -> bool:
        if self.group not in RecordKind.values:
            return True
        reach = reach_of(self.context["request"].user)
        scope = reach.scope(self.group)
        if scope == Scope.OWN_TEAM:
            return account.team_id in reach.teams or account.pk in reach.accounts
        return scope == Scope.ALL
