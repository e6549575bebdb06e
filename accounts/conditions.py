"""Compile a rule tree to a `Q` over fields annotated by `with_fields`, equal to its Python reading.

Every comparison is guarded by IS NOT NULL and so is two-valued in SQL, too: negation and `or` then
mean the same in the database as in `accounts.domain.rules.matches`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import FloatField, Q
from django.db.models.functions import Cast

from accounts.domain.rules import OPERATORS, FieldSpec, Group, Moment, Rule, near_bounds
from accounts.registry import Field, all_fields, field_of

_LOOKUPS = {
    "=": "exact",
    "<": "lt",
    "<=": "lte",
    ">": "gt",
    ">=": "gte",
    "contains": "contains",
    "beginsWith": "startswith",
}


def field_specs() -> dict[str, FieldSpec]:
    """Return what rules may say about accounts: every registered field of a comparable type."""
    asked = [field for field in all_fields() if field.type in _TYPES]
    read = {field.choices for field in asked if field.choices is not None}
    values = {choices: tuple(value for value, _ in choices()) for choices in read}
    return {field.key: _spec(field, values) for field in asked}


_TYPES = frozenset(OPERATORS)


def _spec(field: Field, values: Mapping[Any, tuple[Any, ...]]) -> FieldSpec:
    if field.choices is None:
        return FieldSpec(field.type)
    return FieldSpec(field.type, values[field.choices], field.words() if field.words else {})


def condition_alias(key: str) -> str:
    """Return the annotation a rule on this field compares: numbers as floats, all else as it is."""
    return f"condition_{key.replace('.', '_')}"


def condition_annotations(keys: set[str], moment: Moment) -> dict[str, Any]:
    """Return the annotations a tree over these fields needs."""
    annotations: dict[str, Any] = {}
    for key in sorted(keys):
        field = field_of(key)
        if field.type == "set":
            continue
        value = field.expression(moment.at)
        annotations[condition_alias(key)] = (
            Cast(value, FloatField()) if field.type == "number" else value
        )
    return annotations


def compile_rules(group: Group, moment: Moment) -> Q:
    """Return the condition of a tree; an empty group holds for every account."""
    condition = Q()
    for node in group.rules:
        part = compile_rules(node, moment) if isinstance(node, Group) else _compile(node, moment)
        condition = condition & part if group.combinator == "and" else condition | part
    if not group.rules:
        condition = Q(pk__isnull=False)
    return ~condition if group.negated else condition


def _compile(rule: Rule, moment: Moment) -> Q:
    alias = condition_alias(rule.field)
    if rule.type == "set":
        condition = _one_of(field_of(rule.field), rule.value)
    elif rule.operator == "null":
        condition = Q(**{f"{alias}__isnull": True})
    else:
        condition = _comparison(rule, alias, moment) & Q(**{f"{alias}__isnull": False})
    return ~condition if rule.negated else condition


def _one_of(field: Field, values: Sequence[Any]) -> Q:
    """Ask the table of members, so that a short list among many accounts is found by its index."""
    if field.having is None:
        raise TypeError(f"the set {field.key} does not say how it is asked")
    return field.having(values)


def _comparison(rule: Rule, alias: str, moment: Moment) -> Q:
    if rule.operator == "in":
        return Q(**{f"{alias}__in": rule.value})
    if rule.operator == "between":
        return Q(**{f"{alias}__gte": rule.value[0], f"{alias}__lte": rule.value[1]})
    if rule.operator in _LOOKUPS:
        return Q(**{f"{alias}__{_LOOKUPS[rule.operator]}": rule.value})
    low, high = near_bounds(rule, moment)
    bounds = {f"{alias}__gte": low, f"{alias}__lte": high}
    return Q(**{lookup: bound for lookup, bound in bounds.items() if bound is not None})
