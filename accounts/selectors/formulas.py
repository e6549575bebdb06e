"""Computed attributes as SQL: the same tree as `accounts.domain.formulas.evaluate`, over a set.

Numbers are NUMERIC within, so that no product overflows and no quotient depends on the order; a
result outside ±1e15 is missing. Nothing is cast that could fail.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import (
    BooleanField,
    Case,
    DateField,
    DecimalField,
    FloatField,
    Func,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform, KeyTransform

from accounts.domain.formulas import BOOLEAN, DATE, NUMBER, TEXT, Call, Literal, Name, Node
from accounts.registry import Field

_OUTPUT: dict[str, Callable[[], Any]] = {
    NUMBER: lambda: DecimalField(max_digits=1000, decimal_places=12),
    TEXT: TextField,
    BOOLEAN: BooleanField,
    DATE: DateField,
}
#: Types of fields a formula may read, and what they are to it.
READS = {
    "number": NUMBER,
    "money": NUMBER,
    "text": TEXT,
    "choice": TEXT,
    "boolean": BOOLEAN,
    "date": DATE,
    "datetime": DATE,
}


def compile_formula(
    node: Node, read: Mapping[str, Field], *, at: dt.datetime, zone: ZoneInfo
) -> Any:
    """Return the value of a formula for each account of a queryset at an instant.

    :param read: the fields its names stand for.
    """
    today = at.astimezone(zone).date()
    inner = _compile(node, read, at, zone, today)
    if node.type != NUMBER:
        return inner
    template = (
        "(SELECT CASE WHEN abs(v) < 1e15 THEN round(v, 6)::float8 END"
        " FROM (SELECT (%(expressions)s)::numeric AS v) f)"
    )
    return Func(inner, template=template, output_field=FloatField())


def stored_attribute(key: str, type_: str) -> Combinable:
    """Return a stored custom attribute as its type; a value of another type is missing."""
    if type_ in ("text", "choice"):
        return KeyTextTransform(key, "attributes")
    text = KeyTextTransform(key, "attributes")
    if type_ == "date":
        return Func(text, template=_SAFE_DATE, output_field=DateField())
    parts: dict[str, tuple[str, str, Any]] = {
        "number": ("number", "float8", FloatField()),
        "boolean": ("boolean", "boolean", BooleanField()),
    }
    wanted, cast, output = parts[type_]
    value = Func(text, template=f"(%(expressions)s)::{cast}", output_field=output)
    kind = Func(KeyTransform(key, "attributes"), function="jsonb_typeof", output_field=TextField())
    return Case(When(_Equal(kind, wanted), then=value), output_field=output)


class _Equal(Func):
    """`expression = 'text'` as a condition."""

    template = "%(expressions)s"
    arg_joiner = " = "
    conditional = True

    def __init__(self, left: Any, right: str) -> None:
        super().__init__(left, Value(right), output_field=BooleanField())


#: The text stands once inside, so that its parameters are needed once.
_SAFE_DATE = (
    "(SELECT CASE WHEN pg_input_is_valid(v, 'date') THEN v::date END"
    " FROM (SELECT %(expressions)s AS v) f)"
)


def _compile(
    node: Node, read: Mapping[str, Field], at: dt.datetime, zone: ZoneInfo, today: dt.date
) -> Any:
    if isinstance(node, Literal):
        return _literal(node)
    if isinstance(node, Name):
        return _field(read[node.key], at, zone)
    given = [_compile(argument, read, at, zone, today) for argument in node.arguments]
    output = _OUTPUT[node.type]()
    if node.function in ("days_since", "days_until"):
        day = Value(today, output_field=DateField())
        pair = [day, given[0]] if node.function == "days_since" else [given[0], day]
        return Func(
            *pair, template="(%(expressions)s)::numeric", arg_joiner=" - ", output_field=output
        )
    return _call(node, given, output)


def _call(node: Call, given: list[Any], output: Any) -> Func:
    template, joiner = _TEMPLATES.get(node.function, ("(%(expressions)s)", f" {node.function} "))
    if node.function == "!=":
        joiner = " <> "
    if node.function in ("if", "/"):
        first, *others = given
        return _Parts(first, *others, pattern=template, output_field=output)
    return Func(*given, template=template, arg_joiner=joiner, output_field=output)


#: What is not an operator between its arguments: (template, joiner).
_TEMPLATES: dict[str, tuple[str, str]] = {
    "coalesce": ("coalesce(%(expressions)s)", ", "),
    "min": ("least(%(expressions)s)", ", "),
    "max": ("greatest(%(expressions)s)", ", "),
    "abs": ("abs(%(expressions)s)", ", "),
    "round": ("round(%(expressions)s)", ", "),
    "not": ("(NOT %(expressions)s)", ""),
    "negative": ("(- %(expressions)s)", ""),
    "is_missing": ("((%(expressions)s) IS NULL)", ""),
    "if": ("(CASE WHEN {0} THEN {1} ELSE {2} END)", ""),
    "/": ("round(({0} + 0.00000000000000) / nullif({1}, 0), 12)", ""),
}


class _Parts(Func):
    """A template with a numbered place for each argument."""

    def __init__(self, *expressions: Any, pattern: str, **extra: Any) -> None:
        super().__init__(*expressions, **extra)
        self.pattern = pattern

    def as_sql(  # type: ignore[override]
        self, compiler: Any, connection: Any, **context: Any
    ) -> tuple[str, list[Any]]:
        compiled = [compiler.compile(part) for part in self.source_expressions]
        sql = self.pattern.format(*(text for text, _ in compiled))
        return sql, [value for _, values in compiled for value in values]


def _literal(node: Literal) -> Any:
    output = _OUTPUT[node.type]()
    if node.type == NUMBER:
        # The number itself: a parameter would come back rounded to the places of its field.
        return Func(template=f"{node.value:f}::numeric", output_field=output)
    cast = {TEXT: "text", BOOLEAN: "boolean"}[node.type]
    return Func(Value(node.value), template=f"(%(expressions)s)::{cast}", output_field=output)


def _field(field: Field, at: dt.datetime, zone: ZoneInfo) -> Any:
    value = field.expression(at)
    type_ = READS[field.type]
    output = _OUTPUT[type_]()
    if field.type == "datetime":
        return Func(
            value, Value(str(zone)), template="((%(expressions)s)::date)",
            arg_joiner=" AT TIME ZONE ", output_field=output,
        )  # fmt: skip
    cast = {NUMBER: "numeric", TEXT: "text", BOOLEAN: "boolean", DATE: "date"}[type_]
    return Func(value, template=f"(%(expressions)s)::{cast}", output_field=output)
