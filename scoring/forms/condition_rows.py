"""Gates and rules as rows: texts, what they give, and conditions: a comparison or a group.

A comparison has one bound, or a lower and an upper one.

A group is joined in one of four ways: all of its conditions hold, any, none, not all.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from scoring.forms.definition_parts import Written, scale_of, set_number, texts_of
from scoring.forms.numbers import number_of, text_of
from scoring.forms.rows import Node, rows_at, text_at

LOWER, UPPER = ("above", "at_least"), ("below", "at_most")
BOUNDS = (*LOWER, *UPPER)
#: How a group is joined, and which joint stands within the `not` of those that deny.
JOINTS = ("all", "any", "none", "not_all")
DENIED = {"none": "any", "not_all": "all"}


def gate_row(gate: Mapping[str, Any]) -> Node:
    """Return a stored gate as a row."""
    bound = "floor" if "floor" in gate else "cap"
    tests = gate.get("any", [])
    joint = "any"
    if len(tests) == 1 and _are_joined(tests[0], "all"):
        joint, tests = "all", tests[0]["all"]
    return {
        **texts_of(gate, "key", "text_ja", "text_en", "note"),
        "bound": bound,
        "value": text_of(gate.get(bound)),
        "joint": joint,
        "tests": [_test_row(test) for test in tests],
    }


def gate_of(row: Node, at: str, written: Written) -> dict[str, Any]:
    """Return a row as a gate."""
    bound = "floor" if text_at(row, "bound") == "floor" else "cap"
    written.places |= {f"{at}/{bound}": f"{at}/value", f"{at}/any": f"{at}/tests"}
    gate: dict[str, Any] = texts_of(row, "key", "text_ja", "text_en", "note")
    gate[bound] = number_of(text_at(row, "value"))
    is_all = text_at(row, "joint") == "all" and len(rows_at(row, "tests")) > 1
    root = f"{at}/any/0/all" if is_all else f"{at}/any"
    tests = _tests(row, at, root, written)
    gate["any"] = [{"all": tests}] if is_all else tests
    return gate


def rule_row(rule: Mapping[str, Any]) -> Node:
    """Return a stored rule as a row."""
    when = rule.get("when", {})
    joint, tests = "all", [when]
    for name in ("all", "any"):
        if _are_joined(when, name):
            joint, tests = name, when[name]
    return {
        **texts_of(rule, "key", "text_ja", "text_en", "note"),
        "points": text_of(rule.get("points")),
        "severity": text_of(rule.get("severity")),
        "gives": "band" if "band" in rule else "score",
        "score": text_of(rule.get("score")),
        "band": rule.get("band", ""),
        "joint": joint,
        "tests": [_test_row(test) for test in tests],
    }


def rule_of(row: Node, at: str, combine: str, written: Written) -> dict[str, Any]:
    """Return a row as a rule of the method `rules`."""
    rule: dict[str, Any] = texts_of(row, "key", "text_ja", "text_en", "note")
    if combine == "most_severe":
        set_number(rule, "severity", row)
        if text_at(row, "gives") == "band":
            rule["band"] = text_at(row, "band")
        else:
            rule["score"] = number_of(text_at(row, "score"))
    else:
        rule["points"] = number_of(text_at(row, "points"))
    joint = "any" if text_at(row, "joint") == "any" else "all"
    rows = rows_at(row, "tests")
    root = f"{at}/when/{joint}"
    written.places |= {f"{at}/when": f"{at}/tests", root: f"{at}/tests"}
    if len(rows) == 1:
        rule["when"] = _test(rows[0], f"{at}/tests/0", f"{at}/when", written)
    else:
        rule["when"] = {joint: _tests(row, at, root, written)}
    return rule


def _are_joined(test: Mapping[str, Any], joint: str) -> bool:
    """Say whether this is several conditions joined in this way, and nothing else."""
    tests = test.get(joint)
    return set(test) == {joint} and isinstance(tests, list) and len(tests) > 1


def _test_row(test: Mapping[str, Any]) -> Node:
    """Return a condition as a row; of two bounds on one side the tighter."""
    for joint in ("all", "any"):
        if joint in test:
            return _group_row(test, joint, test[joint])
    if "not" in test:
        for joint, denied in DENIED.items():
            if _are_joined(test["not"], denied):
                return _group_row(test, joint, test["not"][denied])
        return _group_row(test, "none", [test["not"]])
    row, scale = texts_of(test, "metric", "note"), scale_of(test.get("metric", ""))
    if test.get("missing"):
        return {**row, "op": "missing", "value": ""}
    lows = [(test[name], name) for name in ("at_least", "above") if test.get(name) is not None]
    highs = [(test[name], name) for name in ("below", "at_most") if test.get(name) is not None]
    low = max(lows, key=lambda bound: (bound[0], bound[1] == "above"), default=None)
    high = min(highs, key=lambda bound: (bound[0], bound[1] != "below"), default=None)
    value, op = low or high or (test.get("equals"), "equals")
    row |= {"op": op, "value": text_of(value, scale)}
    if low and high:
        row |= {"also": high[1], "also_value": text_of(high[0], scale)}
    return row


def make_range(row: Node) -> None:
    """Let a row ask for a lower and an upper bound; one that was typed stays."""
    if row["op"] in UPPER:
        row |= {"also": row["op"], "also_value": row["value"], "value": ""}
    else:
        row["also"] = "below"
    if row["op"] not in LOWER:
        row["op"] = "at_least"


def _group_row(test: Mapping[str, Any], joint: str, tests: Sequence[Mapping[str, Any]]) -> Node:
    return {**texts_of(test, "note"), "joint": joint, "tests": [_test_row(one) for one in tests]}


def _tests(row: Node, at: str, root: str, written: Written) -> list[dict[str, Any]]:
    return [
        _test(one, f"{at}/tests/{n}", f"{root}/{n}", written)
        for n, one in enumerate(rows_at(row, "tests"))
    ]


def _test(row: Node, place: str, pointer: str, written: Written) -> dict[str, Any]:
    """Return a row as a condition, which will stand at `pointer`."""
    if text_at(row, "joint") in JOINTS:
        return _group(row, place, pointer, written)
    test = _comparison(row)
    _say_where(written, pointer, place, test)
    return test


def _group(row: Node, place: str, pointer: str, written: Written) -> dict[str, Any]:
    joint = text_at(row, "joint")
    inner, denied = joint, DENIED.get(joint)
    root = f"{pointer}/{joint}"
    if denied is not None:
        inner, root = denied, f"{pointer}/not/{denied}"
    written.places |= {pointer: place, root: f"{place}/tests"}
    rows = rows_at(row, "tests")
    if denied is not None and len(rows) == 1:
        alone = _test(rows[0], f"{place}/tests/0", f"{pointer}/not", written)
        return {**texts_of(row, "note"), "not": alone}
    group: dict[str, Any] = {inner: _tests(row, place, root, written)}
    return {**texts_of(row, "note"), **({"not": group} if denied is not None else group)}


def _comparison(row: Node) -> dict[str, Any]:
    test = texts_of(row, "metric", "note")
    op = text_at(row, "op")
    if op == "missing":
        return {**test, "missing": True}
    if op not in (*BOUNDS, "equals"):
        return test
    scale, also = scale_of(text_at(row, "metric")), text_at(row, "also")
    test[op] = number_of(text_at(row, "value"), scale)
    if also in UPPER and also != op:
        test[also] = number_of(text_at(row, "also_value"), scale)
    return test


def _say_where(written: Written, pointer: str, place: str, test: Mapping[str, Any]) -> None:
    written.places[pointer] = place
    for op in (*BOUNDS, "equals"):
        if op in test:
            field = "also_value" if op in UPPER and len(test.keys() & set(BOUNDS)) > 1 else "value"
            written.places[f"{pointer}/{op}"] = f"{place}/{field}"
