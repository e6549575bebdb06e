"""A segment as a form: its names, and rows of field, operator and value in up to one level of
groups.

Every button sends the whole form, so that rows are added, removed and checked without a script.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.domain.rules import MAX_NODES, OPERATORS
from accounts.selectors.segments import Vocabulary
from config.lib.formats import listed

VALUELESS = frozenset({"null", "notNull"})
SEVERAL = frozenset({"in", "notIn"})
RELATIVE = frozenset({"withinNextDays", "withinLastDays", "moreThanDaysAgo"})
_PLACE = re.compile(r"(\d{1,3})-(\d{1,3})")

OPERATOR_WORDS: dict[str, Any] = {
    "=": pgettext_lazy("segment rule", "is"),
    "!=": pgettext_lazy("segment rule", "is not"),
    "in": pgettext_lazy("segment rule", "is one of"),
    "notIn": pgettext_lazy("segment rule", "is none of"),
    "contains": pgettext_lazy("segment rule", "contains"),
    "doesNotContain": pgettext_lazy("segment rule", "does not contain"),
    "beginsWith": pgettext_lazy("segment rule", "begins with"),
    "<": pgettext_lazy("segment rule", "less than"),
    "<=": pgettext_lazy("segment rule", "at most"),
    ">": pgettext_lazy("segment rule", "more than"),
    ">=": pgettext_lazy("segment rule", "at least"),
    "between": pgettext_lazy("segment rule", "from … to"),
    "null": pgettext_lazy("segment rule", "is not known"),
    "notNull": pgettext_lazy("segment rule", "is known"),
    "withinNextDays": pgettext_lazy("segment rule", "within the next days"),
    "withinLastDays": pgettext_lazy("segment rule", "within the last days"),
    "moreThanDaysAgo": pgettext_lazy("segment rule", "more than days ago"),
}
DATE_WORDS: dict[str, Any] = {
    "<": pgettext_lazy("segment rule", "before"),
    "<=": pgettext_lazy("segment rule", "on or before"),
    ">": pgettext_lazy("segment rule", "after"),
    ">=": pgettext_lazy("segment rule", "on or after"),
}


SET_WORDS: dict[str, Any] = {
    "in": pgettext_lazy("segment rule", "on one of"),
    "notIn": pgettext_lazy("segment rule", "on none of"),
}


def operator_word(kind: str, operator: str) -> Any:
    """Return how an operator reads for a type of field."""
    words = {"date": DATE_WORDS, "set": SET_WORDS}.get(kind, {})
    return words.get(operator) or OPERATOR_WORDS.get(operator, operator)


class SegmentForm(forms.Form):
    """What a segment is called in both languages."""

    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=120)
    name_ja = forms.CharField(label=gettext_lazy("Name in Japanese"), max_length=120)
    #: The rules as one value, out of the rows below; they are compared as a whole.
    rule = forms.CharField(
        label=pgettext_lazy("of a segment", "Rules"), required=False, widget=forms.HiddenInput
    )


@dataclass
class Row:
    """One comparison as it was typed; one just begun has no value yet and counts for nothing."""

    key: str = ""
    operator: str = ""
    values: list[str] = field(default_factory=list)
    error: str = ""
    place: str = ""
    shown: Any = None
    is_begun: bool = False

    @property
    def counts(self) -> bool:
        """Say whether it is part of the tree."""
        return bool(self.key) and not self.is_begun

    @property
    def lines(self) -> str:
        """Return the values, one on each line."""
        return "\n".join(self.values)

    @property
    def first(self) -> str:
        """Return the only or lower value."""
        return self.values[0] if self.values else ""

    @property
    def second(self) -> str:
        """Return the upper value."""
        return self.values[1] if len(self.values) > 1 else ""


@dataclass(frozen=True)
class Shown:
    """How a row's operator and value are asked for."""

    operators: list[tuple[str, Any]]
    widget: str
    options: list[tuple[str, Any]]


@dataclass
class Block:
    """Rows joined by one word."""

    combinator: str = "and"
    rows: list[Row] = field(default_factory=list)


class RuleRows:
    """The rows of a segment: the first block stands at the top, every further one is a group."""

    def __init__(self, blocks: list[Block], vocabulary: Vocabulary) -> None:
        self.blocks = blocks
        self._vocabulary = vocabulary
        self._pointers: dict[str, Row] = {}
        for block in blocks:
            for row in block.rows:
                self._settle(row)
        self.fields = sorted(
            ((key, str(one.label)) for key, one in vocabulary.fields.items()),
            key=lambda pair: pair[1],
        )
        self._place()

    @classmethod
    def of_rule(cls, rule: Mapping[str, Any], vocabulary: Vocabulary) -> "RuleRows":
        """Return the rows of a tree `fits` says yes to."""
        top = Block(rule.get("combinator", "and"))
        groups = []
        for node in rule["rules"]:
            if "rules" in node:
                rows = [_row(inner) for inner in node["rules"]]
                groups.append(Block(node.get("combinator", "and"), rows))
            else:
                top.rows.append(_row(node))
        return cls([top, *groups], vocabulary)

    @classmethod
    def of_post(cls, data: Any, vocabulary: Vocabulary) -> "RuleRows":
        """Return the rows as they were sent, after what the pressed button does to them."""
        blocks: dict[str, Block] = {"0": Block(_joined(data.get("combinator-0")))}
        for number in data.getlist("block")[:MAX_NODES]:
            blocks[number] = Block(_joined(data.get(f"combinator-{number}")))
        do = data.get("do", "")
        for place in data.getlist("row")[: 2 * MAX_NODES]:
            match = _PLACE.fullmatch(place)
            if match and match[1] in blocks and do != f"remove-{place}":
                row = _sent(data, place)
                row.is_begun = do != "save" and not row.operator
                blocks[match[1]].rows.append(row)
        if do == "group":
            blocks["new"] = Block("or", [Row()])
        elif do.startswith("ungroup-") and do != "ungroup-0":
            blocks.pop(do.removeprefix("ungroup-"), None)
        elif do.startswith("add-") and do.removeprefix("add-") in blocks:
            blocks[do.removeprefix("add-")].rows.append(Row())
        return cls(list(blocks.values()), vocabulary)

    def tree(self) -> dict[str, Any]:
        """Return the rule tree; rows without a field and groups without rows are left out."""
        self._pointers = {}
        rules: list[Any] = []
        for row in self.blocks[0].rows:
            if row.counts:
                self._pointers[f"/rules/{len(rules)}"] = row
                rules.append(self._node(row))
        for block in self.blocks[1:]:
            rows = [row for row in block.rows if row.counts]
            for index, row in enumerate(rows):
                self._pointers[f"/rules/{len(rules)}/rules/{index}"] = row
            if rows:
                inner = [self._node(row) for row in rows]
                rules.append({"combinator": block.combinator, "rules": inner})
        return {"combinator": self.blocks[0].combinator, "rules": rules}

    def note(self, pointer: str, detail: str) -> bool:
        """Put a refusal beside the row it is about; False if it is about none."""
        found = [place for place in self._pointers if f"{pointer}/".startswith(f"{place}/")]
        if found:
            self._pointers[max(found, key=len)].error = detail
        return bool(found)

    def find_unlisted(self) -> bool:
        """Note rows whose value is not one of their field's; say whether there are any."""
        rows = [row for block in self.blocks for row in block.rows if row.counts]
        for row in rows:
            words = self._vocabulary.words(row.key)
            known = {str(value) for value, _word in words or ()}
            odd = [value for value in row.values if value not in known]
            if words is not None and row.operator not in VALUELESS and (odd or not row.values):
                row.error = _("Choose a value from the list.")
        return any(row.error for row in rows)

    def _node(self, row: Row) -> dict[str, Any]:
        value = None if row.operator in VALUELESS else self._value(row)
        return {"field": row.key, "operator": row.operator, "value": value}

    def _value(self, row: Row) -> Any:
        typed = [self._typed(row, value) for value in row.values]
        if row.operator in SEVERAL or row.operator == "between":
            return typed
        return typed[0] if typed else ""

    def _typed(self, row: Row, value: str) -> Any:
        known = self._vocabulary.fields.get(row.key)
        if known is None:
            return value
        if known.type in ("choice", "set"):
            words = self._vocabulary.words(row.key) or ()
            return next((one for one, _word in words if str(one) == value), value)
        if known.type == "boolean":
            return {"true": True, "false": False}.get(value, value)
        if row.operator in RELATIVE or known.type == "number":
            return _number(value)
        return value.replace(",", "") if known.type == "money" else value

    def _settle(self, row: Row) -> None:
        known = self._vocabulary.fields.get(row.key)
        operators = OPERATORS[known.type] if known else ()
        if known and row.operator not in operators:
            row.operator = operators[0]
        named = [(one, operator_word(known.type if known else "", one)) for one in operators]
        words = self._vocabulary.words(row.key)
        row.values = [self._vocabulary.meant(row.key, value) for value in row.values]
        row.shown = Shown(
            named,
            _widget(known.type if known else "", row.operator, words),
            [(str(value), word) for value, word in words or ()],
        )
        if row.is_begun:
            starts = {"option": row.shown.options[:1], "boolean": [("true", "")]}
            row.values = [value for value, _word in starts.get(row.shown.widget, [])]
            row.is_begun = not row.values and bool(row.shown.widget)

    def _place(self) -> None:
        for number, block in enumerate(self.blocks):
            for index, row in enumerate(block.rows):
                row.place = f"{number}-{index}"


def fits(rule: Any) -> bool:
    """Say whether a stored tree can be shown as rows in at most one level of groups."""
    if not isinstance(rule, Mapping) or rule.get("not"):
        return False
    return all(
        "rules" not in node
        or (not node.get("not") and not any("rules" in inner for inner in node["rules"]))
        for node in rule.get("rules", [])
    )


def tree_words(rule: Mapping[str, Any], vocabulary: Vocabulary) -> dict[str, Any]:
    """Return a whole tree in words, for trees the rows can't show."""
    if "rules" in rule:
        return {
            "is_any": rule.get("combinator") == "or",
            "is_negated": bool(rule.get("not")),
            "parts": [tree_words(node, vocabulary) for node in rule["rules"]],
        }
    known = vocabulary.fields.get(rule["field"])
    raw = rule.get("value")
    words = dict(vocabulary.words(rule["field"]) or ())
    values = raw if isinstance(raw, list) else [] if raw is None else [raw]
    return {
        "label": known.label if known else rule["field"],
        "says": operator_word(known.type if known else "", rule["operator"]),
        "value": listed(words.get(value, value) for value in values),
    }


def _row(node: Mapping[str, Any]) -> Row:
    raw = node.get("value")
    if raw is None:
        return Row(node["field"], node["operator"])
    values = raw if isinstance(raw, list) else [raw]
    return Row(node["field"], node["operator"], [_plain(value) for value in values])


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _sent(data: Any, place: str) -> Row:
    """Return a row as sent; operator and value of another field than before are left behind."""
    key = data.get(f"field-{place}", "")[:200]
    if key != data.get(f"was-{place}", key):
        return Row(key)
    values = [value.strip() for value in data.getlist(f"value-{place}")]
    if f"lines-{place}" in data:
        values = [line.strip() for line in data[f"lines-{place}"].splitlines() if line.strip()]
    return Row(key, data.get(f"operator-{place}", ""), values)


def _joined(word: str | None) -> str:
    return "or" if word == "or" else "and"


def _number(value: str) -> Any:
    """Return a number as JSON has it, and what is none as it was typed, to be refused."""
    try:
        number = float(value.replace(",", ""))
    except ValueError:
        return value
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def _widget(kind: str, operator: str, words: Sequence[Any] | None) -> str:
    if not kind or operator in VALUELESS:
        return ""
    if operator in RELATIVE:
        return "days"
    if words is not None:
        return "options" if operator in SEVERAL else "option"
    if operator in SEVERAL:
        return "lines"
    if kind == "boolean":
        return "boolean"
    shape = "date" if kind in ("date", "datetime") else "text"
    return f"{shape}s" if operator == "between" else shape
