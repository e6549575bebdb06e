"""A definition as rows of texts, and the rows as a definition again.

The rows name things as people do: weights and shares in per cent, one list of knots for every way
that has some, one comparison a condition. `Written.places` says where on the form the parts of the
definition were typed that are named otherwise there, so that every fault stands beside its field.
"""

from collections.abc import Mapping
from typing import Any

from scoring.domain.definition import SCHEMA_VERSION
from scoring.forms.condition_rows import gate_of, gate_row, rule_of, rule_row
from scoring.forms.definition_parts import PERCENT, Written, scale_of, set_number, texts_of
from scoring.forms.numbers import number_of, text_of
from scoring.forms.rows import Node, rows_at, text_at
from scoring.selectors.curve_words import logged, unlogged

AUDIENCE = ("phase", "touch_model", "tier", "tracked", "kind", "segment")
#: What the form sends of a definition; everything else is not part of it.
KNOWN = (
    *("method", "reference", "bands", "rollup", "cohorts", "dimensions", "points", "gates"),
    *("combine", "start", "requires", "rules"),
)


def rows_of(definition: Mapping[str, Any]) -> Node:
    """Return a stored definition as rows."""
    bands, rollup = definition.get("bands", {}), definition.get("rollup")
    rows: Node = {
        "method": definition.get("method", "weighted"),
        "reference": text_of(definition.get("reference", 50)),
        "bands": {
            **{
                key: text_of(bands.get(key, standard))
                for key, standard in (
                    ("critical", 40),
                    ("at_risk", 60),
                    ("expansion", 80),
                    ("recovery", 5),
                )
            },
            "includes": {key: "on" for key, held in bands.get("includes", {}).items() if held},
        },
        "rollup": _rollup_rows(rollup),
        "cohorts": [audience_row(cohort) for cohort in definition.get("cohorts", [])],
        "points": [_group_row(group) for group in definition.get("points", [])],
        "gates": [gate_row(gate) for gate in definition.get("gates", [])],
    }
    if rows["method"] == "rules":
        rows |= {
            "combine": definition.get("combine", "all_points"),
            "start": text_of(definition.get("start", 50)),
            "requires": [{"metric": key} for key in definition.get("requires", [])],
            "rules": [rule_row(rule) for rule in definition.get("rules", [])],
        }
    else:
        rows["dimensions"] = [_dimension_row(one) for one in definition.get("dimensions", [])]
    return rows


def audience_row(audience: Mapping[str, Any]) -> Node:
    """Return a condition on accounts as texts."""
    return {
        key: str(audience[key]).lower() if key == "tracked" else str(audience[key])
        for key in AUDIENCE
        if key in audience
    }


def audience_of(row: Node) -> dict[str, Any]:
    """Return a row as a condition on accounts; parts that are left open are left out."""
    return {
        key: value == "true" if key == "tracked" else value
        for key in AUDIENCE
        if (value := text_at(row, key))
    }


def write_down(rows: Node) -> Written:
    """Return the definition rows stand for; what can't be read stays as typed, to be refused."""
    written = Written()
    method = "rules" if text_at(rows, "method") == "rules" else "weighted"
    definition: dict[str, Any] = {"schema": SCHEMA_VERSION, "method": method}
    if method == "weighted":
        set_number(definition, "reference", rows)
        definition["dimensions"] = [
            _dimension(row, f"dimensions/{n}", written)
            for n, row in enumerate(rows_at(rows, "dimensions"))
        ]
    else:
        definition["combine"] = text_at(rows, "combine")
        set_number(definition, "start", rows)
        definition["requires"] = _required(rows, written)
        definition["rules"] = [
            rule_of(row, f"rules/{n}", definition["combine"], written)
            for n, row in enumerate(rows_at(rows, "rules"))
        ]
    definition["bands"] = _bands(rows.get("bands"))
    if method_of_rollup := text_at(rows.get("rollup"), "method"):
        definition["rollup"] = _rollup(rows["rollup"], method_of_rollup)
    definition["cohorts"] = [audience_of(row) for row in rows_at(rows, "cohorts")]
    definition["points"] = [_group(row) for row in rows_at(rows, "points")]
    definition["gates"] = [
        gate_of(row, f"gates/{n}", written) for n, row in enumerate(rows_at(rows, "gates"))
    ]
    written.definition = definition
    return written


def _rollup_rows(rollup: Mapping[str, Any] | None) -> Node:
    said = rollup or {}
    return {
        "method": said.get("method", "own") if rollup is not None else "",
        "own_share": text_of(said.get("own_share", 0.5), PERCENT),
        "critical_cap": text_of(said.get("critical_cap", 79)),
        "critical_share": text_of(said.get("critical_share", 0.2), PERCENT),
    }


def _rollup(row: Any, method: str) -> dict[str, Any]:
    rollup: dict[str, Any] = {"method": method}
    set_number(rollup, "critical_cap", row)
    set_number(rollup, "critical_share", row, PERCENT)
    if method == "arr":
        set_number(rollup, "own_share", row, PERCENT)
    return rollup


def _bands(row: Any) -> dict[str, Any]:
    bands: dict[str, Any] = {}
    for key in ("critical", "at_risk", "expansion", "recovery"):
        set_number(bands, key, row)
    given = row.get("includes") if isinstance(row, Mapping) else None
    includes = {
        key: True for key in ("critical", "at_risk", "expansion") if text_at(given or {}, key)
    }
    return {**bands, "includes": includes} if includes else bands


def _dimension_row(dimension: Mapping[str, Any]) -> Node:
    return {
        **texts_of(dimension, "key", "label_ja", "label_en", "note"),
        "weight": text_of(dimension.get("weight"), PERCENT),
        "fresh_days": text_of(dimension.get("fresh_days")),
        "gone_days": text_of(dimension.get("gone_days")),
        "mandatory": "on" if dimension.get("mandatory") else "",
        "measures": [_measure_row(measure) for measure in dimension.get("measures", [])],
    }


def _dimension(row: Node, at: str, written: Written) -> dict[str, Any]:
    dimension: dict[str, Any] = texts_of(row, "key", "label_ja", "label_en", "note")
    set_number(dimension, "weight", row, PERCENT)
    for key in ("fresh_days", "gone_days"):
        set_number(dimension, key, row)
    if text_at(row, "mandatory"):
        dimension["mandatory"] = True
    dimension["measures"] = [
        _measure(one, f"{at}/measures/{n}", written)
        for n, one in enumerate(rows_at(row, "measures"))
    ]
    return dimension


def _measure_row(measure: Mapping[str, Any]) -> Node:
    scale = scale_of(measure["metric"])
    ways = [way for way in ("target", "map", "percentile", "robust_z") if way in measure]
    way = ways[0] if ways else ("log" if "log_scale" in measure else "curve")
    said = measure.get(way) if isinstance(measure.get(way), Mapping) else {}
    knots = measure.get("curve", []) if way in ("curve", "log") else (said or {}).get("values", [])
    if way == "log":
        knots = [[unlogged(x, measure["log_scale"]), u] for x, u in knots]
    return {
        **texts_of(measure, "metric", "note"),
        "weight": text_of(measure.get("weight"), PERCENT),
        "way": way,
        "missing": measure.get("missing", "exclude"),
        "penalty": text_of(measure.get("penalty")),
        "knots": [{"x": text_of(x, scale), "u": text_of(u)} for x, u in knots],
        "log_scale": text_of(measure.get("log_scale"), scale),
        "target": text_of(measure.get("target"), scale),
        "otherwise": text_of((said or {}).get("otherwise")),
        "zero": text_of((said or {}).get("zero")),
        "falling": "on" if (said or {}).get("falling") else "",
    }


def _measure(row: Node, at: str, written: Written) -> dict[str, Any]:
    measure: dict[str, Any] = texts_of(row, "metric", "note")
    set_number(measure, "weight", row, PERCENT)
    missing = text_at(row, "missing") or "exclude"
    if missing != "exclude":
        measure["missing"] = missing
    if missing == "penalty":
        set_number(measure, "penalty", row)
    way = text_at(row, "way") or "curve"
    written.places[f"{at}/curve"] = f"{at}/knots"
    match way:
        case "target":
            set_number(measure, "target", row, scale_of(text_at(row, "metric")))
            measure.setdefault("target", "")
        case "map":
            written.places[f"{at}/map/values"] = f"{at}/knots"
            written.places[f"{at}/map"] = at
            values = _knots(row, at, f"{at}/map/values", written)
            measure["map"] = {"values": values}
            set_number(measure["map"], "otherwise", row)
        case "percentile" | "robust_z":
            written.places[f"{at}/{way}"] = at
            measure[way] = {"falling": True} if text_at(row, "falling") else {}
            if way == "percentile":
                set_number(measure[way], "zero", row)
        case "log":
            scale = number_of(text_at(row, "log_scale"), scale_of(text_at(row, "metric")))
            knots = _knots(row, at, f"{at}/curve", written)
            measure["log_scale"] = scale
            measure["curve"] = _on_the_axis(knots, scale)
        case _:
            measure["curve"] = _knots(row, at, f"{at}/curve", written)
    return measure


def _knots(row: Node, at: str, pointer: str, written: Written) -> list[list[Any]]:
    scale = scale_of(text_at(row, "metric"))
    knots = []
    for n, knot in enumerate(rows_at(row, "knots")):
        written.places[f"{pointer}/{n}/0"] = f"{at}/knots/{n}/x"
        written.places[f"{pointer}/{n}/1"] = f"{at}/knots/{n}/u"
        knots.append([number_of(text_at(knot, "x"), scale), number_of(text_at(knot, "u"))])
    return knots


def _on_the_axis(knots: list[list[Any]], scale: Any) -> list[list[Any]]:
    """Put knots on ln(1 + x/s); a value that has no place there stays text, to be refused."""
    if isinstance(scale, str) or scale <= 0:
        return knots
    return [
        [x if isinstance(x, str) else (str(x) if x / scale <= -1 else logged(x, scale)), u]
        for x, u in knots
    ]


def _group_row(group: Mapping[str, Any]) -> Node:
    return {
        **texts_of(group, "key", "note"),
        "low": text_of(group.get("low", 0)),
        "high": text_of(group.get("high", 0)),
        "rules": [
            {
                **texts_of(rule, "metric", "note"),
                "points": text_of(rule.get("points")),
                "half_life_days": text_of(rule.get("half_life_days")),
            }
            for rule in group.get("rules", [])
        ],
    }


def _group(row: Node) -> dict[str, Any]:
    group: dict[str, Any] = texts_of(row, "key", "note")
    set_number(group, "low", row)
    set_number(group, "high", row)
    group["rules"] = []
    for one in rows_at(row, "rules"):
        rule: dict[str, Any] = texts_of(one, "metric", "note")
        rule["points"] = number_of(text_at(one, "points"))
        set_number(rule, "half_life_days", one)
        group["rules"].append(rule)
    return group


def _required(rows: Node, written: Written) -> list[str]:
    required = []
    for n, row in enumerate(rows_at(rows, "requires")):
        written.places[f"requires/{n}"] = f"requires/{n}/metric"
        required.append(text_at(row, "metric"))
    return required
