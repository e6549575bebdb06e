"""Computed attributes: a small typed language over an account's fields, checked before it runs.

`arr / licensed_users`, `if(tier = 'a', days_since(last_two_way_at), 0)`. A formula is parsed into
the nodes below, typed, and then either evaluated here or compiled to SQL
(`accounts.selectors.formulas`); both give the same. Missing values make arithmetic and comparisons
missing; division by zero is missing; `if` takes its second branch unless the condition holds.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

LONGEST, MOST_NODES, DEEPEST = 500, 60, 20
#: Parts of a formula with those of every formula it reads, each as often as it is named.
MOST_TOGETHER = 200
#: Digits after the point a quotient keeps, and the result of a formula.
QUOTIENT, RESULT = Decimal("1e-12"), Decimal("1e-6")
LARGEST = Decimal(10) ** 15

NUMBER, TEXT, BOOLEAN, DATE = "number", "text", "boolean", "date"
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>'[^'\x00]*')|(?P<name>[A-Za-z_][A-Za-z0-9_.]*)"
    r"|(?P<sign><=|>=|!=|[-+*/()=<>,]))"
)
_COMPARISONS = {"=", "!=", "<", "<=", ">", ">="}
_WORDS = {"and", "or", "not", "true", "false", "null"}


class FormulaError(ValueError):
    """A formula can't be used: where (a position from 0) and why (a code with parameters)."""

    def __init__(self, position: int, code: str, **params: Any) -> None:
        super().__init__(f"{position}: {code} {params or ''}".strip())
        self.position, self.code, self.params = position, code, params


@dataclass(frozen=True)
class Literal:
    """A number, a text, true or false."""

    value: Decimal | str | bool
    type: str


@dataclass(frozen=True)
class Name:
    """The value of a field."""

    key: str
    type: str


@dataclass(frozen=True)
class Call:
    """An operator or function over its arguments; `type` is what it gives."""

    function: str
    arguments: tuple["Node", ...]
    type: str


Node = Literal | Name | Call


def parse_formula(text: str, types: Mapping[str, str]) -> Node:
    """Return the tree of a formula.

    :param types: number, text, boolean or date of each field it may read.
    :raises FormulaError: with the position of the fault.
    """
    if len(text) > LONGEST:
        raise FormulaError(LONGEST, "too_long", limit=LONGEST)
    reader = _Reader(_tokens(text), types, len(text))
    node = reader.either(0)
    kind, word, position = reader.ahead()
    if kind != "end":
        raise FormulaError(position, "unexpected", word=word)
    return node


def names_of(node: Node) -> set[str]:
    """Return the keys of every field a formula reads."""
    if isinstance(node, Name):
        return {node.key}
    if isinstance(node, Call):
        return set().union(*(names_of(argument) for argument in node.arguments))
    return set()


def parts_of(node: Node, parts: Mapping[str, int]) -> int:
    """Return how many parts a formula has once what it reads is written out.

    :param parts: how many parts each field it reads has.
    :raises FormulaError: when they are too many: the database would be asked for each of them.
    """
    number = _count(node, parts)
    if number > MOST_TOGETHER:
        raise FormulaError(0, "too_many_together", limit=MOST_TOGETHER)
    return number


def _count(node: Node, parts: Mapping[str, int]) -> int:
    if isinstance(node, Call):
        return 1 + sum(_count(argument, parts) for argument in node.arguments)
    return parts[node.key] if isinstance(node, Name) else 1


def evaluate(node: Node, values: Mapping[str, Any], today: dt.date) -> Any:
    """Return what a formula gives for an account: float, text, bool or date; None if missing."""
    with localcontext() as context:
        context.prec = 400
        value = _value(node, values, today)
        if isinstance(value, Decimal):
            if abs(value) >= LARGEST:
                return None
            return float(value.quantize(RESULT, ROUND_HALF_UP))
    return value


def _tokens(text: str) -> list[tuple[str, str, int]]:
    found, place = [], 0
    stripped = text.rstrip()
    while place < len(stripped):
        match = _TOKEN.match(stripped, place)
        if match is None:
            start = place + len(stripped[place:]) - len(stripped[place:].lstrip())
            raise FormulaError(start, "unreadable", word=stripped[start])
        kind = str(match.lastgroup)
        found.append((kind, match[kind], match.start(kind)))
        place = match.end()
    return found


class _Reader:
    """Read by precedence: or, and, not, comparison, sum, product, sign, value."""

    def __init__(
        self, tokens: list[tuple[str, str, int]], types: Mapping[str, str], length: int
    ) -> None:
        self.tokens, self.types = tokens, types
        self.end = ("end", "", length)
        self.place = self.nodes = 0

    def ahead(self) -> tuple[str, str, int]:
        return self.tokens[self.place] if self.place < len(self.tokens) else self.end

    def take(self, *words: str) -> tuple[str, int] | None:
        kind, word, position = self.ahead()
        if kind in ("sign", "name") and word.lower() in words:
            self.place += 1
            return word.lower(), position
        return None

    def expect(self, word: str) -> None:
        if self.take(word) is None:
            raise FormulaError(self.ahead()[2], "expected", word=word)

    def call(self, function: str, arguments: list[Node], type_: str, position: int) -> Call:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise FormulaError(position, "too_many_parts", limit=MOST_NODES)
        return Call(function, tuple(arguments), type_)

    def either(self, depth: int) -> Node:
        if depth > DEEPEST:
            raise FormulaError(self.ahead()[2], "too_deep", limit=DEEPEST)
        return self._logic("or", lambda: self._logic("and", lambda: self.negation(depth)))

    def _logic(self, word: str, inner: Callable[[], Node]) -> Node:
        start = self.ahead()[2]
        left = inner()
        while taken := self.take(word):
            _must(left, BOOLEAN, start)
            second = self.ahead()[2]
            right = inner()
            _must(right, BOOLEAN, second)
            left = self.call(word, [left, right], BOOLEAN, taken[1])
        return left

    def negation(self, depth: int) -> Node:
        if depth > DEEPEST:
            raise FormulaError(self.ahead()[2], "too_deep", limit=DEEPEST)
        if taken := self.take("not"):
            start = self.ahead()[2]
            operand = self.negation(depth + 1)
            _must(operand, BOOLEAN, start)
            return self.call("not", [operand], BOOLEAN, taken[1])
        return self.comparison(depth)

    def comparison(self, depth: int) -> Node:
        left = self.sum(depth)
        if taken := self.take(*_COMPARISONS):
            start = self.ahead()[2]
            right = self.sum(depth)
            _must(right, left.type, start)
            if left.type in (BOOLEAN, TEXT) and taken[0] not in ("=", "!="):
                raise FormulaError(taken[1], "not_ordered", type=left.type)
            return self.call(taken[0], [left, right], BOOLEAN, taken[1])
        return left

    def sum(self, depth: int) -> Node:
        return self._arithmetic(("+", "-"), lambda: self._arithmetic(("*", "/"), self._sign(depth)))

    def _arithmetic(self, signs: tuple[str, str], inner: Callable[[], Node]) -> Node:
        start = self.ahead()[2]
        left = inner()
        while taken := self.take(*signs):
            _must(left, NUMBER, start)
            second = self.ahead()[2]
            right = inner()
            _must(right, NUMBER, second)
            left = self.call(taken[0], [left, right], NUMBER, taken[1])
        return left

    def _sign(self, depth: int) -> Callable[[], Node]:
        def read() -> Node:
            if taken := self.take("-"):
                start = self.ahead()[2]
                if depth > DEEPEST:
                    raise FormulaError(start, "too_deep", limit=DEEPEST)
                operand = self._sign(depth + 1)()
                _must(operand, NUMBER, start)
                return self.call("negative", [operand], NUMBER, taken[1])
            return self.value(depth)

        return read

    def value(self, depth: int) -> Node:
        kind, word, position = self.ahead()
        self.place += 1
        if kind == "number":
            return Literal(Decimal(word), NUMBER)
        if kind == "text":
            return Literal(word[1:-1], TEXT)
        if kind == "sign" and word == "(":
            inner = self.either(depth + 1)
            self.expect(")")
            return inner
        if kind != "name":
            self.place -= 1
            code = "unexpected" if word else "ends_early"
            raise FormulaError(position, code, word=word)
        if word.lower() in ("true", "false"):
            return Literal(word.lower() == "true", BOOLEAN)
        if self.take("("):
            return self.function(word.lower(), position, depth)
        if word.lower() in _WORDS or word not in self.types:
            raise FormulaError(position, "unknown_field", field=word)
        self.nodes += 1
        return Name(word, self.types[word])

    def function(self, name: str, position: int, depth: int) -> Node:
        arguments: list[Node] = []
        starts: list[int] = []
        while not self.take(")"):
            if arguments:
                self.expect(",")
            starts.append(self.ahead()[2])
            arguments.append(self.either(depth + 1))
        if name not in _FUNCTIONS:
            raise FormulaError(position, "unknown_function", function=name)
        least, most, takes, gives = _FUNCTIONS[name]
        if not least <= len(arguments) <= most:
            raise FormulaError(position, "wrong_number_of_arguments", function=name)
        if name == "if":
            _must(arguments[0], BOOLEAN, starts[0])
            _must(arguments[2], arguments[1].type, starts[2])
            return self.call(name, arguments, arguments[1].type, position)
        wanted = takes or arguments[0].type
        for argument, start in zip(arguments, starts, strict=True):
            _must(argument, wanted, start)
        return self.call(name, arguments, gives or wanted, position)


#: name → (fewest, most arguments, type they must have, type it gives); "" is that of the first.
_FUNCTIONS: dict[str, tuple[int, int, str, str]] = {
    "coalesce": (2, 10, "", ""),
    "if": (3, 3, "", ""),
    "min": (2, 10, NUMBER, NUMBER),
    "max": (2, 10, NUMBER, NUMBER),
    "abs": (1, 1, NUMBER, NUMBER),
    "round": (1, 1, NUMBER, NUMBER),
    "days_since": (1, 1, DATE, NUMBER),
    "days_until": (1, 1, DATE, NUMBER),
    "is_missing": (1, 1, "", BOOLEAN),
}
FUNCTIONS = tuple(sorted(_FUNCTIONS))


def _must(node: Node, type_: str, position: int) -> None:
    if node.type != type_:
        raise FormulaError(position, "wrong_type", wanted=type_, given=node.type)


def _value(node: Node, values: Mapping[str, Any], today: dt.date) -> Any:
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Name):
        value = values.get(node.key)
        is_number = node.type == NUMBER and value is not None
        return Decimal(str(value)) if is_number else value
    given = [_value(argument, values, today) for argument in node.arguments]
    if node.function in _LENIENT:
        return _LENIENT[node.function](*given)
    if any(value is None for value in given):
        return None
    if node.function == "days_since":
        return Decimal((today - given[0]).days)
    if node.function == "days_until":
        return Decimal((given[0] - today).days)
    return _STRICT[node.function](*given)


def _and(left: bool | None, right: bool | None) -> bool | None:
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def _or(left: bool | None, right: bool | None) -> bool | None:
    if left or right:
        return True
    return None if left is None or right is None else False


def _extreme(pick: Callable[..., Any]) -> Callable[..., Any]:
    def read(*given: Any) -> Any:
        known = [value for value in given if value is not None]
        return pick(known) if known else None

    return read


#: Functions that know what to do with a missing value.
_LENIENT: dict[str, Callable[..., Any]] = {
    "and": _and,
    "or": _or,
    "if": lambda condition, one, other: one if condition else other,
    "coalesce": lambda *given: next((value for value in given if value is not None), None),
    "is_missing": lambda value: value is None,
    "min": _extreme(min),
    "max": _extreme(max),
}
_STRICT: dict[str, Callable[..., Any]] = {
    "not": lambda value: not value,
    "negative": lambda value: -value,
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: (left / right).quantize(QUOTIENT, ROUND_HALF_UP) if right else None,
    "=": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
    "abs": abs,
    "round": lambda value: value.quantize(Decimal(1), ROUND_HALF_UP),
}
