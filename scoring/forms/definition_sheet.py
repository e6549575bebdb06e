"""The draft of a scorecard as a form: every part a row of fields, every fault beside its field."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from config.lib import formats
from scoring.domain.curves import Percentile, RobustZ
from scoring.forms.condition_rows import make_range
from scoring.forms.definition_parts import scale_of
from scoring.forms.definition_rows import KNOWN, rows_of, write_down
from scoring.forms.numbers import text_of
from scoring.forms.rows import (
    Node,
    list_at,
    move_row,
    remove_row,
    row_at,
    rows_at,
    text_at,
    tree_of,
)
from scoring.forms.sheet_shapes import MEASURE, SHAPE, filled, shape_of
from scoring.forms.sheet_weights import even_out, sum_of, typed_number, weigh
from scoring.forms.starting_points import knots_for
from scoring.selectors.curve_words import Plot, logged, plot_knots, plot_of
from scoring.selectors.labels import metric_label, metric_unit
from scoring.services.scorecards import InvalidScorecard, check_definition

#: Weights of a level sum to 100; typed to a tenth, they can't miss it by more.
SLACK = 0.05
#: What a new row of a list holds, by the last word of its path.
NEW: dict[str, Node] = {
    "dimensions": {"weight": "10"},
    "knots": {},
    "points": {"low": "-10", "high": "0", "rules": [{}]},
    "gates": {"value": "59", "tests": [{}]},
    "tests": {},
    "cohorts": {},
    "requires": {},
    "rules": {"points": "-10", "half_life_days": "60", "severity": "50", "tests": [{}]},
}
#: What a new group of conditions holds.
GROUPED: Node = {"joint": "any", "tests": [{}, {}]}
#: Rows that are known by a key for as long as they exist, and what a new key begins with.
KEYED = {"dimensions": "dimension", "points": "points", "gates": "gate", "rules": "rule"}


@dataclass
class Field:
    """One input: its path, what was typed, what is wrong with it."""

    name: str
    value: str
    error: str = ""


class Sheet:
    """The rows of a draft, the faults found in them by path, and both as templates show them."""

    def __init__(self, rows: Node) -> None:
        self.rows: Node = filled(rows, SHAPE)
        self.errors: dict[str, str] = {}
        self.touched = ""

    @classmethod
    def of_definition(cls, definition: Mapping[str, Any]) -> "Sheet":
        """Return a stored definition as a form."""
        return cls(rows_of(definition))

    @classmethod
    def of_post(cls, sent: Mapping[str, str]) -> "Sheet":
        """Return the form as it was sent, after what the pressed button does to it."""
        sheet = cls(tree_of(dict(sent.items()), known=KNOWN))
        act, _colon, path = sent.get("do", "").partition(":")
        sheet.touched = path
        match act:
            case "add":
                sheet._add(path)
                sheet.touched = f"{path}/{len(list_at(sheet.rows, path) or ()) - 1}"
            case "group" if path.endswith("/tests"):
                sheet._add(path, GROUPED)
                sheet.touched = f"{path}/{len(list_at(sheet.rows, path) or ()) - 1}"
            case "range" if found := row_at(sheet.rows, path):
                make_range(found[0][found[1]])
            case "remove":
                remove_row(sheet.rows, path)
            case "up":
                move_row(sheet.rows, path, -1)
            case "down":
                move_row(sheet.rows, path, 1)
            case "even":
                even_out(list_at(sheet.rows, path) or [])
        if act not in ("save", "try"):
            sheet._settle()
        return sheet

    def check(self) -> dict[str, Any] | None:
        """Return the definition, or None with every fault noted beside its field."""
        self.errors = {}
        for name, start in KEYED.items():
            _give_keys(rows_at(self.rows, name), start)
        written = write_down(self.rows)
        try:
            check_definition(definition=written.definition)
        except InvalidScorecard as refusal:
            for fault in refusal.errors:
                self._note(written.place_of(fault.pointer), str(fault.detail))
        self._check_measures()
        self._check_weights()
        return None if self.errors else written.definition

    def nodes(self) -> Node:
        """Return every field with its path and fault, and what stands around it."""
        root: Node = _walked(self.rows, "", self.errors, self.touched)
        if text_at(self.rows, "method") == "weighted":
            weigh(root, rows_at(self.rows, "dimensions"))
        return root

    def summary(self) -> list[tuple[str, str, str]]:
        """Return (path, what it is about, fault) of every fault, in the order of the form."""
        order = {name: place for place, name in enumerate(_paths(self.rows, ""))}
        faults = sorted(self.errors.items(), key=lambda pair: order.get(pair[0], len(order)))
        return [(name, self._title(name), fault) for name, fault in faults]

    def _note(self, place: str, fault: str) -> None:
        """Put a fault beside the field it is about, or the nearest row around it."""
        known = set(_paths(self.rows, ""))
        while place and place not in known:
            place = place.rpartition("/")[0]
        self.errors.setdefault(place, fault)

    def _check_measures(self) -> None:
        """Name the measure that stands in the scorecard twice."""
        seen: set[str] = set()
        for n, dimension in enumerate(rows_at(self.rows, "dimensions")):
            for m, measure in enumerate(rows_at(dimension, "measures")):
                if measure["metric"] in seen:
                    self.errors.pop("dimensions", None)
                    self.errors[f"dimensions/{n}/measures/{m}"] = _(
                        "This measure stands in the scorecard twice."
                    )
                seen.add(measure["metric"])

    def _check_weights(self) -> None:
        """Name every level whose weights don't sum to 100."""
        dimensions = rows_at(self.rows, "dimensions")
        levels = {"dimensions": dimensions} if dimensions else {}
        for n, dimension in enumerate(dimensions):
            levels[f"dimensions/{n}/measures"] = rows_at(dimension, "measures")
        for path, rows in levels.items():
            total = sum_of(rows)
            if rows and total is not None and abs(total - 100) > SLACK:
                said = {"sum": formats.number(round(total, 2))}
                self.errors.setdefault(
                    path, _("The weights sum to %(sum)s%%, not to 100%%.") % said
                )

    def _add(self, path: str, new: Node | None = None) -> None:
        rows, kind = list_at(self.rows, path), path.rpartition("/")[2]
        if rows is None and (holder := row_at(self.rows, path.rpartition("/")[0])):
            rows = holder[0][holder[1]].setdefault(kind, [])
        if rows is None and path in SHAPE:
            rows = self.rows.setdefault(path, [])
        if rows is None:
            return
        if kind == "measures":
            self._add_measure(rows, path.rpartition("/")[0])
        elif kind in NEW:
            shape = shape_of(path)
            rows.append(filled(NEW[kind] if new is None else new, shape))

    def _settle(self) -> None:
        """Give a measure whose way was changed something to begin with."""
        for dimension in rows_at(self.rows, "dimensions"):
            for measure in rows_at(dimension, "measures"):
                if measure["way"] in ("curve", "log", "map") and not measure["knots"]:
                    measure["knots"] = _first_knots(measure["metric"])
                if measure["way"] == "log" and not measure["log_scale"]:
                    measure["log_scale"] = "10"

    def _add_measure(self, rows: list[Any], holder: str) -> None:
        found = row_at(self.rows, holder)
        metric = found[0][found[1]].get("add", "") if found else ""
        if not metric:
            self.errors[f"{holder}/add"] = _("Choose a measure.")
            return
        assert found is not None
        found[0][found[1]]["add"] = ""
        left = 100 - (sum_of(rows) or 0)
        knots = [{"x": text_of(x, scale_of(metric)), "u": text_of(u)} for x, u in knots_for(metric)]
        new = {"metric": metric, "weight": text_of(left if left > 0 else 10), "knots": knots}
        rows.append(filled(new, MEASURE))

    def _title(self, name: str) -> str:
        """Say what a path is about, by the nearest row around it that has a name."""
        parts = name.split("/")
        for count in range(len(parts), 0, -1):
            found = row_at(self.rows, "/".join(parts[:count]))
            if found and (title := _name_of(found[0][found[1]])):
                return title
        return SECTIONS.get(parts[0], lambda: _("Scorecard"))()


SECTIONS = {
    "bands": lambda: _("Bands"),
    "rollup": lambda: _("Parents and children"),
    "cohorts": lambda: _("Similar accounts"),
    "dimensions": lambda: _("Dimensions"),
    "gates": lambda: _("Limit rules"),
    "points": lambda: _("Points for what happened"),
    "rules": lambda: _("Rules"),
    "requires": lambda: _("Required"),
}


def _first_knots(metric: str) -> list[Node]:
    scale = scale_of(metric)
    return [{"x": text_of(x, scale), "u": text_of(u)} for x, u in knots_for(metric)]


def _name_of(row: Any) -> str:
    metric = text_at(row, "metric")
    if metric:
        return metric_label(metric)
    japanese = formats.is_japanese()
    names = ("label_ja", "text_ja") if japanese else ("label_en", "text_en")
    return next((text for name in names if (text := text_at(row, name))), "")


def _walked(value: Any, path: str, errors: Mapping[str, str], touched: str = "") -> Any:
    if isinstance(value, str):
        return Field(path, value, errors.get(path, ""))
    around = {
        "at": path,
        "error": errors.get(path, ""),
        "is_open": any(f"{name}/".startswith(f"{path}/") for name in (*errors, touched)),
    }
    if isinstance(value, list):
        rows = [_walked(row, f"{path}/{n}", errors, touched) for n, row in enumerate(value)]
        return {**around, "rows": rows}
    start = f"{path}/" if path else ""
    fields = {key: _walked(below, f"{start}{key}", errors, touched) for key, below in value.items()}
    if "metric" in value:
        key = value["metric"]
        fields |= {"title": metric_label(key) if key else "", "unit": metric_unit(key)}
    if "knots" in value:
        fields["plot"] = _plot(value)
    return {**around, **fields}


def _plot(measure: Node) -> Plot:
    """Draw a curve as far as what was typed can be drawn."""
    falling = bool(measure["falling"])
    match measure["way"]:
        case "percentile":
            return plot_of(Percentile(falling))
        case "robust_z":
            return plot_of(RobustZ(falling))
        case "target":
            target = typed_number(measure["target"])
            return plot_knots([(0.0, 0.0), (target, 100.0)] if target and target > 0 else [])
    typed = [(typed_number(knot["x"]), typed_number(knot["u"])) for knot in measure["knots"]]
    knots = [(x, u) for x, u in typed if x is not None and u is not None and 0 <= u <= 100]
    if measure["way"] == "log":
        scale = typed_number(measure["log_scale"]) or 0
        knots = [(logged(x, scale), u) for x, u in knots if scale > 0 and x > -scale]
    if measure["way"] == "map":
        return Plot("", plot_knots(sorted(knots)).dots)
    if len(knots) < len(typed) or any(a[0] >= b[0] for a, b in pairwise(knots)):
        return Plot("")
    return plot_knots(knots)


def _paths(value: Any, path: str) -> Iterator[str]:
    if path:
        yield path
    below: Any = enumerate(value) if isinstance(value, list) else ()
    for key, one in value.items() if isinstance(value, dict) else below:
        yield from _paths(one, f"{path}/{key}" if path else str(key))


def _give_keys(rows: list[Node], start: str) -> None:
    """Give each row without a key one of its own, from its English name where that has letters."""
    taken = {row["key"] for row in rows if row["key"]}
    for row in rows:
        if row["key"]:
            continue
        name = text_at(row, "label_en") or text_at(row, "text_en")
        stem = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:40] or start
        key, number = stem, 2
        while key in taken:
            key, number = f"{stem}_{number}", number + 1
        row["key"] = key
        taken.add(key)
