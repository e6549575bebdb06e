"""Members upper apps add to `accounts`: the field registry's dotted keys, grouped by prefix.

`health.score` and `health.band` become `{"health": {"score": …, "band": …}}`. A prefix that is a
kind of record (or several of them) follows its policy: where the caller may not see it, the whole
member is null. Fields of a type only a template can show stay on the pages.
"""

from collections.abc import Callable
from functools import cache, cached_property, partial
from typing import Any

from rest_framework import serializers

from accounts.api.rows import RowMixin
from accounts.choices import RecordKind
from accounts.querysets import Reach, reach_of
from accounts.registry import Field, fields

_SHAPES: dict[str, Callable[..., serializers.Field[Any, Any, Any, Any]]] = {
    "text": serializers.CharField,
    "choice": serializers.CharField,
    "money": partial(serializers.DecimalField, max_digits=18, decimal_places=2),
    "number": serializers.FloatField,
    "delta": serializers.FloatField,
    "boolean": serializers.BooleanField,
    "date": serializers.DateField,
    "datetime": serializers.DateTimeField,
}


def extension_fields() -> dict[str, dict[str, Field]]:
    """Return {member: {name: field}} of the dotted keys REST carries, in key order."""
    groups: dict[str, dict[str, Field]] = {}
    for key, member in fields.items():
        group, dot, name = key.partition(".")
        if dot and member.in_rest and member.type in _SHAPES:
            groups.setdefault(group, {})[name] = member
    return groups


def extension_keys() -> list[str]:
    """Return the keys `with_fields` must annotate."""
    return [field.key for group in extension_fields().values() for field in group.values()]


def extension_ordering(reach: Reach | None) -> dict[str, str]:
    """Return {public name: annotation} of what lists can be sorted by, with a reach by whom."""
    return {
        field.key: field.alias
        for group in extension_fields().values()
        for field in group.values()
        if field.is_sortable and (reach is None or reach.covers_wherever(field.kind))
    }


def extension_serializers() -> dict[str, serializers.BaseSerializer[Any]]:
    """Return a read-only serializer for each member."""
    return {
        group: _serializer(
            group, tuple((name, field.alias, field.type) for name, field in members.items())
        )(source="*", read_only=True, allow_null=True)
        for group, members in extension_fields().items()
    }


@cache
def _serializer(group: str, parts: tuple[tuple[str, str, str], ...]) -> type["_Extension"]:
    """Make the class once: the OpenAPI document knows components by their class."""
    shapes = {
        name: _SHAPES[kind](source=alias, read_only=True, allow_null=True)
        for name, alias, kind in parts
    }
    kind = {"policy_kind": _kind(group)}
    return type(f"Account{group.title()}Serializer", (_Extension,), kind | shapes)


def _kind(group: str) -> str:
    """Return the kind of record whose policy a member follows, empty for none."""
    return next((k for k in (group, group.removesuffix("s")) if k in RecordKind.values), "")


class _Extension(RowMixin, serializers.Serializer[Any]):
    """One member; null for rows of which the caller may not see this kind of record."""

    policy_kind = ""

    def to_representation(self, instance: Any) -> Any:
        return super().to_representation(instance) if self._is_shown(instance) else None

    def _is_shown(self, account: Any) -> bool:
        if not self.policy_kind:
            return True
        return self._reach.covers(account, self.policy_kind)

    @cached_property
    def _reach(self) -> Reach:
        return reach_of(self.context["request"].user)
