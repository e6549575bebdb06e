"""Read a definition from JSON and name every fault by its place, all at once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, cast, get_args

from scoring.domain.bands import Bands
from scoring.domain.curve_reader import WAYS, CurveReader
from scoring.domain.definition import (
    SCHEMA_VERSION,
    Audience,
    Definition,
    Dimension,
    Gate,
    Measure,
    Method,
    PointGroup,
    PointRule,
    Policy,
    Rollup,
    RollupMethod,
)
from scoring.domain.json_reader import Direction, Fault, InvalidDefinition
from scoring.domain.rule_reader import RuleReader

__all__ = [
    "METHODS",
    "Direction",
    "Fault",
    "InvalidDefinition",
    "parse_audience",
    "parse_definition",
]

METHODS = get_args(Method)
#: What an audience may ask an account for; `segment` names one whose fields lie below scoring.
AUDIENCE_KEYS = ("tracked", "phase", "touch_model", "tier", "kind", "segment")


@dataclass
class _Reader(CurveReader, RuleReader):
    segments: Collection[str] | None = None

    def bands(self, data: Mapping[str, Any]) -> Bands:
        raw, standard = self.object(data, "bands", ""), Bands()
        bounds = ("critical", "at_risk", "expansion", "recovery")
        self.only(raw, "/bands", *bounds, "includes")
        found = {
            key: self.number(raw, key, "/bands", low=0, high=100, default=getattr(standard, key))
            for key in bounds
        }
        includes = self.object(raw, "includes", "/bands")
        self.only(includes, "/bands/includes", *bounds[:3])
        inclusive = {
            f"{key}_includes": self.flag(includes, key, "/bands/includes") for key in bounds[:3]
        }
        bands = Bands(**found, **inclusive)  # type: ignore[arg-type]
        if not bands.critical < bands.at_risk < bands.expansion:
            self.fault("/bands", "not_ascending")
        return bands

    def dimension(self, data: Mapping[str, Any], at: str) -> Dimension:
        self.only(
            data,
            at,
            *("key", "label_en", "label_ja", "weight", "measures"),
            *("fresh_days", "gone_days", "mandatory"),
        )
        fresh, gone = (self.optional(data, key, at, low=0) for key in ("fresh_days", "gone_days"))
        if (fresh is None) != (gone is None) or (
            fresh is not None and gone is not None and fresh >= gone
        ):
            self.fault(f"{at}/gone_days", "must_be_after_fresh_days")
        measures = self.each(data, "measures", at, self.measure)
        if not measures:
            self.fault(f"{at}/measures", "required")
        if gone is None:
            for index, measure in enumerate(measures):
                if measure.missing == "carry":
                    self.fault(f"{at}/measures/{index}/missing", "carry_needs_gone_days")
        return Dimension(
            key=self.text(data, "key", at),
            weight=self.positive(data, "weight", at),
            measures=measures,
            label_en=self.text(data, "label_en", at),
            label_ja=self.text(data, "label_ja", at),
            fresh_days=fresh,
            gone_days=gone,
            mandatory=self.flag(data, "mandatory", at),
        )

    def measure(self, data: Mapping[str, Any], at: str) -> Measure:
        self.only(data, at, "metric", "weight", "missing", "penalty", "log_scale", *WAYS)
        policy = self.choice(
            data, "missing", at, get_args(Policy), default="exclude", code="unknown_policy"
        )
        if policy == "penalty" and "penalty" not in data:
            self.fault(f"{at}/penalty", "required")
        metric = self.metric(data, at)
        return Measure(
            metric=metric,
            weight=self.positive(data, "weight", at),
            curve=self.curve(data, at, self.directions.get(metric)),
            missing=cast(Policy, policy),
            penalty=self.number(data, "penalty", at, low=0, high=100, default=0.0),
        )

    def group(self, data: Mapping[str, Any], at: str) -> PointGroup:
        self.only(data, at, "key", "low", "high", "rules")
        low = self.number(data, "low", at, low=-100, high=0, default=0.0)
        high = self.number(data, "high", at, low=0, high=100, default=0.0)
        rules = self.each(data, "rules", at, self.point_rule)
        return PointGroup(self.text(data, "key", at), low, high, rules)

    def point_rule(self, data: Mapping[str, Any], at: str) -> PointRule:
        self.only(data, at, "metric", "points", "half_life_days")
        points = self.number(data, "points", at, low=-100, high=100, default=0.0)
        return PointRule(self.metric(data, at), points, self.positive(data, "half_life_days", at))

    def gate(self, data: Mapping[str, Any], at: str) -> Gate:
        self.only(data, at, "key", "text_en", "text_ja", "cap", "floor", "any")
        cap, floor = (self.optional(data, key, at, low=0, high=100) for key in ("cap", "floor"))
        if ("cap" in data) == ("floor" in data):
            self.fault(at, "cap_or_floor")
        conditions = self.each(data, "any", at, self.test)
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

    def rollup(self, data: Mapping[str, Any]) -> Rollup | None:
        if "rollup" not in data:
            return None
        raw, standard = self.object(data, "rollup", ""), Rollup()
        self.only(raw, "/rollup", "method", "own_share", "critical_cap", "critical_share")
        method = self.choice(
            raw, "method", "/rollup", get_args(RollupMethod), default="own", code="unknown_rollup"
        )
        share = {
            key: self.number(raw, key, "/rollup", low=0, high=1, default=getattr(standard, key))
            for key in ("own_share", "critical_share")
        }
        cap = self.number(
            raw, "critical_cap", "/rollup", low=0, high=100, default=standard.critical_cap
        )
        return Rollup(method=cast(RollupMethod, method), critical_cap=cap, **share)

    def audience(self, data: Mapping[str, Any], at: str) -> Audience:
        """Read a condition on what an account is."""
        if not data:
            self.fault(at, "required")
        for key, value in data.items():
            if key not in AUDIENCE_KEYS:
                self.fault(f"{at}/{key}", "unknown_field")
            elif (key == "tracked") != isinstance(value, bool):
                self.fault(f"{at}/{key}", "not_a_boolean" if key == "tracked" else "not_a_name")
            elif key != "tracked" and not _is_name(value):
                self.fault(f"{at}/{key}", "not_a_name")
            elif key == "segment" and self.segments is not None and value not in self.segments:
                self.fault(f"{at}/{key}", "unknown_segment")
        return dict(data)

    def definition(self, data: Mapping[str, Any]) -> Definition:
        method = self.choice(data, "method", "", METHODS, default="weighted", code="unknown_method")
        own = ("dimensions",) if method == "weighted" else ("combine", "start", "rules", "requires")
        shared = ("schema", "method", "reference", "bands", "points", "gates", "rollup", "cohorts")
        self.only(data, "", *shared, *own)
        bands = self.bands(data)
        rule_set = self.rule_set(data, bands) if method == "rules" else None
        dimensions = self.each(data, "dimensions", "", self.dimension) if not rule_set else ()
        if method == "weighted" and not dimensions:
            self.fault("/dimensions", "required")
        keys = [measure.metric for d in dimensions for measure in d.measures]
        self.once([*keys, *(f"dimension {d.key}" for d in dimensions)], "/dimensions")
        reference = self.number(data, "reference", "", low=0, high=100, default=50.0)
        return Definition(
            dimensions=dimensions,
            point_groups=self.each(data, "points", "", self.group),
            gates=self.each(data, "gates", "", self.gate),
            bands=bands,
            reference=rule_set.start if rule_set else reference,
            method=cast(Method, method),
            rule_set=rule_set,
            rollup=self.rollup(data),
            cohorts=self.each(data, "cohorts", "", self.audience),
        )


def _is_name(value: object) -> bool:
    return isinstance(value, str) and value.replace("_", "").replace("-", "").isalnum()


def parse_definition(
    data: Any,
    *,
    metrics: Collection[str],
    directions: Mapping[str, Direction] | None = None,
    segments: Collection[str] | None = None,
    is_new: bool = False,
) -> Definition:
    """Read a scorecard's definition.

    :param metrics: keys of the metrics there are.
    :param directions: what is better of a metric; a curve that goes the other way is a fault.
    :param segments: keys of the segments that cohorts may name; None accepts any.
    :param is_new: refuse conditions nothing can fulfil, too.
    :raises InvalidDefinition: with every fault found.
    """
    reader = _Reader(metrics=metrics, directions=directions or {}, segments=segments, is_new=is_new)
    if not isinstance(data, Mapping):
        raise InvalidDefinition([Fault("", "not_an_object")])
    if data.get("schema") != SCHEMA_VERSION:
        reader.fault("/schema", "unknown_schema")
    definition = reader.definition(data)
    if reader.faults:
        raise InvalidDefinition(reader.faults)
    return definition


def parse_audience(data: Any, *, segments: Collection[str] | None = None) -> Audience:
    """Read a condition such as {"phase": "onboarding", "segment": "via_partner"}; {} is nobody.

    :raises InvalidDefinition: with every fault found, by pointers from the condition's root.
    """
    if not isinstance(data, Mapping):
        raise InvalidDefinition([Fault("", "not_an_object")])
    reader = _Reader(segments=segments)
    audience = reader.audience(data, "") if data else {}
    if reader.faults:
        raise InvalidDefinition(reader.faults)
    return audience
