"""Read a definition from JSON and name every fault by its place, all at once."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, TypeVar

from scoring.domain.bands import Bands
from scoring.domain.curves import Curve, Piecewise, Target
from scoring.domain.definition import (
    SCHEMA_VERSION,
    Condition,
    Definition,
    Dimension,
    Gate,
    Measure,
    PointGroup,
    PointRule,
)

T = TypeVar("T")

METHODS = ("weighted",)


@dataclass(frozen=True)
class Fault:
    """What is wrong at a place of the definition: a JSON pointer and a code."""

    pointer: str
    code: str


class InvalidDefinition(ValueError):
    """The definition can't be read; `faults` says where and why."""

    def __init__(self, faults: Collection[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.pointer}: {fault.code}" for fault in faults))


@dataclass
class _Reader:
    """Takes values out of JSON; a fault is noted and a harmless value goes on."""

    metrics: Collection[str]
    faults: list[Fault] = field(default_factory=list)

    def fault(self, pointer: str, code: str) -> None:
        self.faults.append(Fault(pointer, code))

    def number(
        self,
        data: Mapping[str, Any],
        key: str,
        at: str,
        *,
        low: float | None = None,
        high: float | None = None,
        default: float = 1.0,
    ) -> float:
        value = data.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.fault(f"{at}/{key}", "not_a_number")
            return default
        if (low is not None and value < low) or (high is not None and value > high):
            self.fault(f"{at}/{key}", "out_of_range")
            return default
        return float(value)

    def optional(self, data: Mapping[str, Any], key: str, at: str) -> float | None:
        return None if data.get(key) is None else self.number(data, key, at)

    def positive(self, data: Mapping[str, Any], key: str, at: str) -> float:
        value = self.number(data, key, at, low=0)
        if value == 0 or key not in data:
            self.fault(f"{at}/{key}", "must_be_positive")
            return 1.0
        return value

    def text(self, data: Mapping[str, Any], key: str, at: str) -> str:
        value = data.get(key)
        if not isinstance(value, str) or not value.strip():
            self.fault(f"{at}/{key}", "required")
            return ""
        return value

    def metric(self, data: Mapping[str, Any], at: str) -> str:
        key = self.text(data, "metric", at)
        if key and key not in self.metrics:
            self.fault(f"{at}/metric", "unknown_metric")
        return key

    def each(
        self, data: Mapping[str, Any], key: str, at: str, read: Callable[[Any, str], T]
    ) -> tuple[T, ...]:
        items = data.get(key, [])
        if not isinstance(items, list):
            self.fault(f"{at}/{key}", "not_a_list")
            return ()
        result: list[T] = []
        for index, item in enumerate(items):
            place = f"{at}/{key}/{index}"
            if isinstance(item, Mapping):
                result.append(read(item, place))
            else:
                self.fault(place, "not_an_object")
        return tuple(result)

    def bands(self, data: Mapping[str, Any]) -> Bands:
        raw = data.get("bands", {})
        if not isinstance(raw, Mapping):
            self.fault("/bands", "not_an_object")
            return Bands()
        standard = Bands()
        bands = Bands(
            **{
                key: self.number(raw, key, "/bands", low=0, high=100, default=default)
                for key, default in vars(standard).items()
            }
        )
        if not bands.critical < bands.at_risk < bands.expansion:
            self.fault("/bands", "not_ascending")
        return bands

    def dimension(self, data: Mapping[str, Any], at: str) -> Dimension:
        fresh, gone = (self.optional(data, key, at) for key in ("fresh_days", "gone_days"))
        if (fresh is None) != (gone is None) or (
            fresh is not None and gone is not None and fresh >= gone
        ):
            self.fault(f"{at}/gone_days", "must_be_after_fresh_days")
        measures = self.each(data, "measures", at, self.measure)
        if not measures:
            self.fault(f"{at}/measures", "required")
        return Dimension(
            key=self.text(data, "key", at),
            weight=self.positive(data, "weight", at),
            measures=measures,
            label_en=self.text(data, "label_en", at),
            label_ja=self.text(data, "label_ja", at),
            fresh_days=fresh,
            gone_days=gone,
            mandatory=data.get("mandatory") is True,
        )

    def measure(self, data: Mapping[str, Any], at: str) -> Measure:
        missing = data.get("missing", "exclude")
        if missing not in ("exclude", "neutral", "penalty"):
            self.fault(f"{at}/missing", "unknown_policy")
        return Measure(
            metric=self.metric(data, at),
            weight=self.positive(data, "weight", at),
            curve=self.curve(data, at),
            missing=missing,
            penalty=self.number(data, "penalty", at, low=0, high=100, default=0.0),
        )

    def curve(self, data: Mapping[str, Any], at: str) -> Curve:
        if "target" in data:
            return Target(self.positive(data, "target", at))
        knots = data.get("curve")
        if not (isinstance(knots, list) and len(knots) >= 2 and all(map(_is_knot, knots))):
            self.fault(f"{at}/curve", "needs_two_knots")
            return Target(1.0)
        if any(a[0] >= b[0] for a, b in pairwise(knots)):
            self.fault(f"{at}/curve", "not_ascending")
            return Target(1.0)
        if any(not 0 <= utility <= 100 for _, utility in knots):
            self.fault(f"{at}/curve", "out_of_range")
        scale = self.positive(data, "log_scale", at) if "log_scale" in data else None
        return Piecewise(tuple((float(x), float(u)) for x, u in knots), scale)

    def group(self, data: Mapping[str, Any], at: str) -> PointGroup:
        low = self.number(data, "low", at, low=-100, high=0, default=0.0)
        high = self.number(data, "high", at, low=0, high=100, default=0.0)
        return PointGroup(
            self.text(data, "key", at), low, high, self.each(data, "rules", at, self.rule)
        )

    def rule(self, data: Mapping[str, Any], at: str) -> PointRule:
        points = self.number(data, "points", at, low=-100, high=100, default=0.0)
        return PointRule(self.metric(data, at), points, self.positive(data, "half_life_days", at))

    def gate(self, data: Mapping[str, Any], at: str) -> Gate:
        cap, floor = (self.optional(data, key, at) for key in ("cap", "floor"))
        if (cap is None) == (floor is None):
            self.fault(at, "cap_or_floor")
        conditions = self.each(data, "any", at, self.condition)
        if not conditions:
            self.fault(f"{at}/any", "required")
        return Gate(
            key=self.text(data, "key", at),
            conditions=conditions,
            text_en=self.text(data, "text_en", at),
            text_ja=self.text(data, "text_ja", at),
            cap=cap,
            floor=floor,
        )

    def condition(self, data: Mapping[str, Any], at: str) -> Condition:
        above, below = (self.optional(data, key, at) for key in ("above", "below"))
        if above is None and below is None:
            self.fault(at, "above_or_below")
        return Condition(self.metric(data, at), above, below)


def _is_knot(knot: Any) -> bool:
    return (
        isinstance(knot, list)
        and len(knot) == 2
        and all(isinstance(n, int | float) and not isinstance(n, bool) for n in knot)
    )


def parse_definition(data: Any, *, metrics: Collection[str]) -> Definition:
    """Read a scorecard's definition.

    :param metrics: keys of the metrics there are.
    :raises InvalidDefinition: with every fault found.
    """
    reader = _Reader(metrics)
    if not isinstance(data, Mapping):
        raise InvalidDefinition([Fault("", "not_an_object")])
    if data.get("schema") != SCHEMA_VERSION:
        reader.fault("/schema", "unknown_schema")
    if data.get("method", "weighted") not in METHODS:
        reader.fault("/method", "unknown_method")
    dimensions = reader.each(data, "dimensions", "", reader.dimension)
    if not dimensions:
        reader.fault("/dimensions", "required")
    definition = Definition(
        dimensions=dimensions,
        point_groups=reader.each(data, "points", "", reader.group),
        gates=reader.each(data, "gates", "", reader.gate),
        bands=reader.bands(data),
        reference=reader.number(data, "reference", "", low=0, high=100, default=50.0),
    )
    keys = [measure.metric for d in dimensions for measure in d.measures]
    keys += [f"dimension {dimension.key}" for dimension in dimensions]
    if len(set(keys)) < len(keys):
        reader.fault("/dimensions", "twice")
    if reader.faults:
        raise InvalidDefinition(reader.faults)
    return definition


def prune_definition(data: Mapping[str, Any], *, metrics: Collection[str]) -> dict[str, Any]:
    """Return the definition without what no metric stands behind; weights stay relative."""

    def known(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [item for item in items if item["metric"] in metrics]

    dimensions = [{**d, "measures": known(d["measures"])} for d in data["dimensions"]]
    groups = [{**group, "rules": known(group["rules"])} for group in data.get("points", [])]
    gates = [{**gate, "any": known(gate["any"])} for gate in data.get("gates", [])]
    return {
        **data,
        "dimensions": [dimension for dimension in dimensions if dimension["measures"]],
        "points": [group for group in groups if group["rules"]],
        "gates": [gate for gate in gates if gate["any"]],
    }
