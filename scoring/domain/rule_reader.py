"""Read trees of conditions, and the rules of the method that is made of them."""

from collections.abc import Mapping
from typing import Any, cast, get_args

from scoring.domain.bands import SLUGS, Bands
from scoring.domain.conditions import AllOf, AnyOf, Condition, Not, Test
from scoring.domain.definition import Combination, Rule, RuleSet
from scoring.domain.json_reader import MetricReader

DEEPEST = 8
_NEVER = Condition("", above=0.0)


class RuleReader(MetricReader):
    """Reads conditions and rules."""

    def test(self, data: Mapping[str, Any], at: str, depth: int = 1) -> Test:
        """Read a tree of conditions: {"all": […]}, {"any": […]}, {"not": …} or one condition."""
        joints = [key for key in ("all", "any", "not") if key in data]
        if not joints:
            return self.condition(data, at)
        if depth > DEEPEST:
            self.fault(at, "too_deep")
            return _NEVER
        self.only(data, at, joints[0])
        if joints[0] == "not":
            return Not(self.test(self.object(data, "not", at), f"{at}/not", depth + 1))
        parts = self.each(data, joints[0], at, lambda item, p: self.test(item, p, depth + 1))
        if not parts:
            self.fault(f"{at}/{joints[0]}", "required")
        return AllOf(parts) if joints[0] == "all" else AnyOf(parts)

    def condition(self, data: Mapping[str, Any], at: str) -> Condition:
        """Read one comparison of one metric."""
        self.only(data, at, "metric", "above", "below", "at_least", "at_most", "equals", "missing")
        above, below, least, most, equals = (
            self.optional(data, key, at)
            for key in ("above", "below", "at_least", "at_most", "equals")
        )
        missing = self.flag(data, "missing", at)
        bounds = [key for key in ("above", "below", "at_least", "at_most") if key in data]
        asked = (bool(bounds), "equals" in data, missing)
        if sum(asked) != 1:
            self.fault(at, "above_or_below" if not any(asked) else "one_comparison")
        if equals is not None:
            least = most = equals
        condition = Condition(self.metric(data, at), above, below, least, most, missing)
        if self.is_new:
            self._check_range(condition, at)
        return condition

    def _check_range(self, asked: Condition, at: str) -> None:
        """Note bounds of which two stand on one side, or between which no number lies."""
        sides = ((asked.above, asked.at_least), (asked.below, asked.at_most))
        if any(None not in side for side in sides):
            self.fault(at, "one_side")
            return
        low, high = (next((x for x in side if x is not None), None) for side in sides)
        if low is None or high is None:
            return
        is_closed = asked.at_least is not None and asked.at_most is not None
        if low > high or (low == high and not is_closed):
            self.fault(f"{at}/{'below' if asked.at_most is None else 'at_most'}", "empty_range")

    def rule_set(self, data: Mapping[str, Any], bands: Bands) -> RuleSet:
        """Read the base of the method `rules`."""
        combine = cast(
            Combination,
            self.choice(
                data,
                "combine",
                "",
                get_args(Combination),
                default="all_points",
                code="unknown_combination",
            ),
        )
        rules = self.each(data, "rules", "", lambda item, at: self.rule(item, at, combine, bands))
        if not rules:
            self.fault("/rules", "required")
        self.once([rule.key for rule in rules], "/rules")
        requires = data.get("requires", [])
        if not isinstance(requires, list):
            self.fault("/requires", "not_a_list")
            requires = []
        for index, key in enumerate(requires):
            if not isinstance(key, str) or key not in self.metrics:
                self.fault(f"/requires/{index}", "unknown_metric")
        start = self.number(data, "start", "", low=0, high=100, default=50.0)
        return RuleSet(combine, start, rules, tuple(map(str, requires)))

    def rule(self, data: Mapping[str, Any], at: str, combine: Combination, bands: Bands) -> Rule:
        """Read one rule: what it asks and what it gives."""
        says = ("points",) if combine == "all_points" else ("severity", "score", "band")
        self.only(data, at, "key", "text_en", "text_ja", "when", *says)
        points = severity = score = 0.0
        if combine == "all_points":
            points = self.number(data, "points", at, low=-100, high=100, default=0.0)
            if points == 0:
                self.fault(f"{at}/points", "changes_nothing")
        else:
            severity = self.number(data, "severity", at, low=0, high=100, default=0.0)
            score = self._verdict(data, at, bands)
        if not isinstance(data.get("when"), Mapping):
            self.fault(f"{at}/when", "required")
        return Rule(
            key=self.text(data, "key", at),
            when=self.test(data["when"], f"{at}/when")
            if isinstance(data.get("when"), Mapping)
            else _NEVER,
            text_en=self.text(data, "text_en", at),
            text_ja=self.text(data, "text_ja", at),
            points=points,
            severity=severity,
            score=score,
        )

    def _verdict(self, data: Mapping[str, Any], at: str, bands: Bands) -> float:
        if ("score" in data) == ("band" in data):
            self.fault(at, "score_or_band")
            return 0.0
        if "score" in data:
            return self.number(data, "score", at, low=0, high=100, default=0.0)
        return bands.middle(
            self.choice(data, "band", at, SLUGS, default=SLUGS[0], code="unknown_band")
        )
