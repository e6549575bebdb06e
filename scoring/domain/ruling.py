"""The base of the method `rules`: points of every rule that holds, or the most severe decides."""

from collections.abc import Mapping

from scoring.domain.definition import RuleSet
from scoring.domain.freshness import MISSING, Reading
from scoring.domain.parts import Base, RulePart


def rule(rule_set: RuleSet, readings: Mapping[str, Reading]) -> Base:
    """Judge the rules; coverage is the share of them that the readings decide."""
    truths = [each.when.truth(readings) for each in rule_set.rules]
    if rule_set.combine == "all_points":
        given = [
            each.points if holds else 0.0
            for each, holds in zip(rule_set.rules, truths, strict=True)
        ]
    else:
        decides = _most_severe(rule_set, truths)
        given = [
            each.score - rule_set.start if index == decides else 0.0
            for index, each in enumerate(rule_set.rules)
        ]
    known = sum(holds is not None for holds in truths) / len(truths)
    return Base(
        coverage=known,
        observed=known,
        has_required=all(readings.get(key, MISSING).x is not None for key in rule_set.requires),
        rules=tuple(map(RulePart, rule_set.rules, truths, given)),
    )


def _most_severe(rule_set: RuleSet, truths: list[bool | None]) -> int | None:
    holding = [index for index, holds in enumerate(truths) if holds]
    return max(holding, key=lambda index: rule_set.rules[index].severity, default=None)
