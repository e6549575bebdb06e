"""What a sheet of a scorecard holds: the fields of every kind of row, all texts."""

from collections.abc import Mapping
from typing import Any

from scoring.forms.definition_rows import AUDIENCE
from scoring.forms.rows import Node, rows_at, text_at

#: A condition, `also` being the upper bound of a range; with a `joint` it is a group of conditions,
#: which may be groups in turn.
TEST: Node = {"metric": "", "op": "above", "value": "", "also": "", "also_value": ""}
TEST |= {"note": "", "joint": ""}
TEST["tests"] = [TEST]
TEXTS = {"key": "", "text_ja": "", "text_en": "", "note": ""}
MEASURE: Node = {
    **dict.fromkeys(("metric", "note", "weight", "penalty", "log_scale", "target"), ""),
    **dict.fromkeys(("otherwise", "zero", "falling"), ""),
    "way": "curve",
    "missing": "exclude",
    "knots": [{"x": "", "u": ""}],
}
DIMENSION: Node = {
    **dict.fromkeys(("key", "label_ja", "label_en", "note", "weight"), ""),
    **dict.fromkeys(("fresh_days", "gone_days", "mandatory", "add"), ""),
    "measures": [MEASURE],
}
GROUP: Node = {
    **dict.fromkeys(("key", "note", "low", "high"), ""),
    "rules": [dict.fromkeys(("metric", "note", "points", "half_life_days"), "")],
}
GATE: Node = {**TEXTS, "bound": "cap", "value": "", "joint": "any", "tests": [TEST]}
RULE: Node = {
    **TEXTS,
    **dict.fromkeys(("points", "severity", "score", "band"), ""),
    "gives": "score",
    "joint": "all",
    "tests": [TEST],
}
BANDS: Node = {
    **dict.fromkeys(("critical", "at_risk", "expansion", "recovery"), ""),
    "includes": dict.fromkeys(("critical", "at_risk", "expansion"), ""),
}
SHAPE: Node = {
    "method": "weighted",
    "reference": "",
    "bands": BANDS,
    "rollup": dict.fromkeys(("method", "own_share", "critical_cap", "critical_share"), ""),
    "cohorts": [dict.fromkeys(AUDIENCE, "")],
    "dimensions": [DIMENSION],
    "points": [GROUP],
    "gates": [GATE],
    "combine": "all_points",
    "start": "",
    "requires": [{"metric": ""}],
    "rules": [RULE],
}


def filled(row: Any, shape: Node) -> Node:
    """Return a row with exactly the fields of its shape; what is not sent is empty."""
    made: Node = {}
    for key, blank in shape.items():
        if isinstance(blank, list):
            made[key] = [filled(one, blank[0]) for one in rows_at(row, key)]
        elif isinstance(blank, dict):
            below = row.get(key) if isinstance(row, Mapping) else None
            made[key] = filled(below or {}, blank)
        else:
            made[key] = text_at(row, key) or blank
    return made


def shape_of(path: str) -> Node:
    """Return the shape of the rows of a list."""
    shape: Any = SHAPE
    for part in path.split("/"):
        shape = shape[0] if isinstance(shape, list) else shape.get(part, {})
    rows: Node = shape[0] if isinstance(shape, list) else shape
    return rows
