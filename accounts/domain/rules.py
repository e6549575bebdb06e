"""Rule trees: what a segment, a filter or a trigger says about an account, checked and evaluated.

The JSON has the react-querybuilder shape: a group is `{"combinator": "and"|"or", "not": bool,
"rules": […]}`, a rule `{"field": …, "operator": …, "value": …}`. Rules are two-valued: a missing
value fulfils no comparison, and a negative operator (`!=`, `notIn`, `doesNotContain`) is exactly
the negation of its positive, so "tier is not A" holds where no tier is known. A field of type
`set` holds row ids; `in` asks whether it has one of the values.
"""

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from accounts.domain.cells import fold_word

MAX_DEPTH = 6
MAX_NODES = 50
CENT = Decimal("0.01")

#: Operators by type of field. Negative ones name the positive they negate.
NEGATIVES = {"!=": "=", "notIn": "in", "doesNotContain": "contains", "notNull": "null"}
_ORDERED = ("=", "!=", "<", "<=", ">", ">=", "between", "null", "notNull")
_RELATIVE = ("withinNextDays", "withinLastDays", "moreThanDaysAgo")
OPERATORS: dict[str, tuple[str, ...]] = {
    "text": ("=", "!=", "contains", "doesNotContain", "beginsWith", "in", "notIn",
             "null", "notNull"),
    "choice": ("=", "!=", "in", "notIn", "null", "notNull"),
    "boolean": ("=", "!=", "null", "notNull"),
    "number": _ORDERED,
    "money": _ORDERED,
    "date": (*_ORDERED, *_RELATIVE),
    "datetime": ("null", "notNull", *_RELATIVE),
    "set": ("in", "notIn"),
}  # fmt: skip


class RuleError(ValueError):
    """A rule tree can't be used; says where (JSON pointer) and why (a code with parameters)."""

    def __init__(self, pointer: str, code: str, **params: Any) -> None:
        super().__init__(f"{pointer or '/'}: {code} {params or ''}".strip())
        self.pointer, self.code, self.params = pointer, code, params


@dataclass(frozen=True)
class FieldSpec:
    """What a rule needs to know of a field: its type, and its values if the list is closed.

    :param words: other words, folded, that stand for one of these values.
    """

    type: str
    options: tuple[Any, ...] | None = None
    words: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Rule:
    """One comparison; the operator is positive, `negated` says whether its result is turned."""

    field: str
    type: str
    operator: str
    value: Any
    negated: bool = False


@dataclass(frozen=True)
class Group:
    """Rules joined by and / or; an empty group holds for every account."""

    combinator: Literal["and", "or"]
    negated: bool
    rules: tuple["Rule | Group", ...]


@dataclass
class _Reader:
    fields: Mapping[str, FieldSpec]
    nodes: int = field(default=0)

    def group(self, raw: Any, pointer: str, depth: int) -> Group:
        if not isinstance(raw, Mapping):
            raise RuleError(pointer, "not_a_group")
        if depth > MAX_DEPTH:
            raise RuleError(pointer, "too_deep", limit=MAX_DEPTH)
        combinator = raw.get("combinator", "and")
        if combinator not in ("and", "or"):
            raise RuleError(f"{pointer}/combinator", "unknown_combinator")
        rules = raw.get("rules")
        if not isinstance(rules, Sequence) or isinstance(rules, str | bytes):
            raise RuleError(f"{pointer}/rules", "rules_missing")
        if depth > 1 and not rules:
            raise RuleError(f"{pointer}/rules", "empty_group")
        if not isinstance(raw.get("not", False), bool):
            raise RuleError(f"{pointer}/not", "not_a_boolean")
        members = tuple(
            self.node(rule, f"{pointer}/rules/{index}", depth) for index, rule in enumerate(rules)
        )
        return Group(combinator, raw.get("not", False), members)

    def node(self, raw: Any, pointer: str, depth: int) -> Rule | Group:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise RuleError(pointer, "too_many_rules", limit=MAX_NODES)
        if isinstance(raw, Mapping) and "rules" in raw:
            return self.group(raw, pointer, depth + 1)
        return self.rule(raw, pointer)

    def rule(self, raw: Any, pointer: str) -> Rule:
        if not isinstance(raw, Mapping):
            raise RuleError(pointer, "not_a_rule")
        key, operator = raw.get("field"), raw.get("operator")
        if not isinstance(key, str) or key not in self.fields:
            raise RuleError(f"{pointer}/field", "unknown_field", field=str(key))
        spec = self.fields[key]
        if not isinstance(operator, str) or operator not in OPERATORS.get(spec.type, ()):
            raise RuleError(f"{pointer}/operator", "unknown_operator", operator=str(operator))
        positive = NEGATIVES.get(operator, operator)
        value = _value(spec, positive, raw.get("value"), f"{pointer}/value")
        return Rule(key, spec.type, positive, value, negated=operator in NEGATIVES)


def parse_rule_tree(raw: Any, fields: Mapping[str, FieldSpec]) -> Group:
    """Check a rule tree against the fields there are and return it typed.

    :raises RuleError: naming the faulty place as a JSON pointer.
    """
    return _Reader(fields).group(raw, "", 1)


def fields_of(group: Group) -> set[str]:
    """Return the keys of every field the tree reads."""
    keys: set[str] = set()
    for node in group.rules:
        keys |= fields_of(node) if isinstance(node, Group) else {node.field}
    return keys


def keys_of(node: Any) -> set[str]:
    """Return the keys of every field a stored tree reads, also of fields that went away."""
    if "rules" in node:
        return {key for rule in node["rules"] for key in keys_of(rule)}
    return {node["field"]}


def values_of(node: Any, key: str) -> set[Any]:
    """Return the values of a set that the rules of a stored tree name; none where there is none."""
    if not node:
        return set()
    if "rules" in node:
        return {value for rule in node["rules"] for value in values_of(rule, key)}
    return set(node["value"]) if node["field"] == key else set()


def _value(spec: FieldSpec, operator: str, raw: Any, pointer: str) -> Any:
    if operator == "null":
        return None
    if operator in _RELATIVE:
        if isinstance(raw, bool) or not isinstance(raw, int) or not 0 <= raw <= 36500:
            raise RuleError(pointer, "not_a_number_of_days")
        return raw
    if operator == "in":
        if not isinstance(raw, list) or not raw or len(raw) > 200:
            raise RuleError(pointer, "not_a_list")
        return tuple(_scalar(spec, item, f"{pointer}/{n}") for n, item in enumerate(raw))
    if operator == "between":
        if not isinstance(raw, list) or len(raw) != 2:
            raise RuleError(pointer, "not_two_values")
        low, high = (_scalar(spec, item, f"{pointer}/{n}") for n, item in enumerate(raw))
        if low > high:
            raise RuleError(pointer, "wrong_order")
        return low, high
    return _scalar(spec, raw, pointer)


def _scalar(spec: FieldSpec, raw: Any, pointer: str) -> Any:
    value = _READERS[spec.type](raw, pointer)
    if spec.options is None or value in spec.options:
        return value
    if (meant := spec.words.get(fold_word(str(value)))) is None:
        raise RuleError(pointer, "unknown_option", value=str(raw))
    return meant


def _text(raw: Any, pointer: str) -> str:
    if not isinstance(raw, str) or not raw or "\x00" in raw or len(raw) > 500:
        raise RuleError(pointer, "not_a_text")
    return raw


def _choice(raw: Any, pointer: str) -> str | int:
    if isinstance(raw, bool) or not isinstance(raw, str | int):
        raise RuleError(pointer, "not_a_text")
    return raw


def _boolean(raw: Any, pointer: str) -> bool:
    if not isinstance(raw, bool):
        raise RuleError(pointer, "not_a_boolean")
    return raw


def _number(raw: Any, pointer: str) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise RuleError(pointer, "not_a_number")
    try:
        number = float(raw)
    except OverflowError:
        raise RuleError(pointer, "not_a_number") from None
    if not math.isfinite(number):
        raise RuleError(pointer, "not_a_number")
    return number


def _money(raw: Any, pointer: str) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise RuleError(pointer, "not_a_number")
    try:
        amount = Decimal(str(raw)).quantize(CENT)
    except InvalidOperation:
        raise RuleError(pointer, "not_a_number") from None
    if not amount.is_finite() or abs(amount) >= Decimal(10) ** 16:
        raise RuleError(pointer, "not_a_number")
    return amount


def _date(raw: Any, pointer: str) -> dt.date:
    try:
        return dt.date.fromisoformat(raw)
    except (TypeError, ValueError):
        raise RuleError(pointer, "not_a_date") from None


def _row_id(raw: Any, pointer: str) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not 0 < raw < 2**63:
        raise RuleError(pointer, "unknown_option", value=str(raw))
    return raw


_READERS: dict[str, Callable[[Any, str], Any]] = {
    "text": _text,
    "choice": _choice,
    "boolean": _boolean,
    "number": _number,
    "money": _money,
    "date": _date,
    "datetime": _date,
    "set": _row_id,
}


@dataclass(frozen=True)
class Moment:
    """The instant a tree is evaluated at, and the organisation's day it falls on."""

    at: dt.datetime
    today: dt.date


def matches(group: Group, values: Mapping[str, Any], moment: Moment) -> bool:
    """Say whether an account with these field values fulfils the tree."""
    results = (
        matches(node, values, moment)
        if isinstance(node, Group)
        else _holds(node, values.get(node.field), moment) != node.negated
        for node in group.rules
    )
    held = all(results) if group.combinator == "and" or not group.rules else any(results)
    return held != group.negated


def _holds(rule: Rule, actual: Any, moment: Moment) -> bool:
    if rule.operator == "null":
        return actual is None
    if actual is None:
        return False
    if rule.operator in _RELATIVE:
        return _is_near(rule, actual, moment)
    if rule.type == "set":
        return not set(rule.value).isdisjoint(actual)
    if rule.type == "number":
        actual = float(actual)
    return _COMPARE[rule.operator](actual, rule.value)


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda actual, value: bool(actual == value),
    "<": lambda actual, value: bool(actual < value),
    "<=": lambda actual, value: bool(actual <= value),
    ">": lambda actual, value: bool(actual > value),
    ">=": lambda actual, value: bool(actual >= value),
    "in": lambda actual, value: actual in value,
    "between": lambda actual, value: bool(value[0] <= actual <= value[1]),
    "contains": lambda actual, value: value in actual,
    "beginsWith": lambda actual, value: bool(actual.startswith(value)),
}


def _is_near(rule: Rule, actual: Any, moment: Moment) -> bool:
    low, high = near_bounds(rule, moment)
    return (low is None or actual >= low) and (high is None or actual <= high)


def near_bounds(rule: Rule, moment: Moment) -> tuple[Any, Any]:
    """Return the closed range a relative rule means, open ends as None.

    Days of a `date` count from today's date; days of a `datetime` are 24 hours back from now.
    """
    days = dt.timedelta(days=rule.value)
    here: Any = moment.today if rule.type == "date" else moment.at
    if rule.operator == "withinNextDays":
        return here, here + days
    if rule.operator == "withinLastDays":
        return here - days, here
    smallest = dt.timedelta(days=1) if rule.type == "date" else dt.timedelta(microseconds=1)
    return None, here - days - smallest
