"""Read how a measure turns values into utilities: exactly one of six ways."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, cast

from scoring.domain.curves import Curve, Percentile, Piecewise, RobustZ, Table, Target
from scoring.domain.json_reader import Direction, MetricReader

#: Of these a measure has exactly one; `log_scale` goes with `curve`.
WAYS = ("curve", "target", "map", "percentile", "robust_z")


class CurveReader(MetricReader):
    """Reads curves."""

    def curve(self, data: Mapping[str, Any], at: str, direction: Direction | None) -> Curve:
        """Read the one way a measure normalises its values."""
        ways = [way for way in WAYS if way in data]
        if len(ways) != 1:
            self.fault(f"{at}/curve", "needs_one_way")
            return Target(1.0)
        [way] = ways
        if "log_scale" in data and way != "curve":
            self.fault(f"{at}/log_scale", "unknown_field")
        curve = getattr(self, f"_{way}")(data, at)
        wrong = {"higher": -1, "lower": 1, None: 0}[direction]
        if wrong in curve.directions:
            self.fault(f"{at}/{way}", "not_monotone")
        return cast(Curve, curve)

    def _target(self, data: Mapping[str, Any], at: str) -> Curve:
        return Target(self.positive(data, "target", at))

    def _curve(self, data: Mapping[str, Any], at: str) -> Curve:
        knots = self._pairs(data["curve"], f"{at}/curve", "needs_two_knots", least=2)
        if any(a[0] >= b[0] for a, b in pairwise(knots)):
            self.fault(f"{at}/curve", "not_ascending")
            return Target(1.0)
        scale = self.positive(data, "log_scale", at) if "log_scale" in data else None
        return Piecewise(knots, scale) if knots else Target(1.0)

    def _map(self, data: Mapping[str, Any], at: str) -> Curve:
        raw = self.object(data, "map", at)
        self.only(raw, f"{at}/map", "values", "otherwise")
        pairs = self._pairs(raw.get("values"), f"{at}/map/values", "needs_a_pair", least=1)
        self.once([str(x) for x, _ in pairs], f"{at}/map/values")
        return Table(pairs, self.optional(raw, "otherwise", f"{at}/map", low=0, high=100))

    def _percentile(self, data: Mapping[str, Any], at: str) -> Curve:
        raw = self.object(data, "percentile", at)
        self.only(raw, f"{at}/percentile", "falling", "zero")
        zero = self.optional(raw, "zero", f"{at}/percentile", low=0, high=100)
        return Percentile(self.flag(raw, "falling", f"{at}/percentile"), zero)

    def _robust_z(self, data: Mapping[str, Any], at: str) -> Curve:
        raw = self.object(data, "robust_z", at)
        self.only(raw, f"{at}/robust_z", "falling")
        return RobustZ(self.flag(raw, "falling", f"{at}/robust_z"))

    def _pairs(
        self, raw: Any, at: str, code: str, *, least: int
    ) -> tuple[tuple[float, float], ...]:
        """Read a list of [value, utility]; nothing where one of them is no pair of numbers."""
        if not isinstance(raw, list) or len(raw) < least:
            self.fault(at, code)
            return ()
        pairs = []
        for index, pair in enumerate(raw):
            if not (isinstance(pair, list) and len(pair) == 2):
                self.fault(at, code)
                return ()
            x = self.checked(pair[0], f"{at}/{index}/0")
            u = self.checked(pair[1], f"{at}/{index}/1", low=0, high=100)
            if x is not None and u is not None:
                pairs.append((x, u))
        return tuple(pairs) if len(pairs) == len(raw) else ()
