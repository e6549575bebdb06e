"""What differs between two definitions, line by line in words.

Each side becomes items (a measure, a gate, the bands …) with aspects as texts. An item only one
side has is one line, one that both have is a line for each aspect that reads differently; so
whatever the words don't tell apart is no difference for a reader.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from config.lib import formats
from config.lib.bands import band_look
from scoring.domain.definition import Definition
from scoring.selectors.condition_words import words_of_test
from scoring.selectors.curve_words import curve_words
from scoring.selectors.definition_words import (
    METHODS,
    band_words,
    either_words,
    freshness_words,
    limit_words,
    method_of,
    missing_words,
    points_words,
    rollup_words,
)
from scoring.selectors.labels import (
    audience_words,
    dimension_labels,
    gate_text,
    metric_label,
    metric_unit,
    rule_text,
)


@dataclass(frozen=True)
class Item:
    """A part of a definition under a key that stays the same between versions."""

    key: tuple[str, ...]
    kind: str
    name: str
    aspects: Mapping[str, str] = field(default_factory=dict)

    @property
    def summary(self) -> str:
        """Return all its aspects in a line."""
        return pgettext("between aspects", ", ").join(
            f"{name}: {text}" for name, text in self.aspects.items() if text
        )


@dataclass(frozen=True)
class Difference:
    """A line: what it is about, and how it reads before and after; empty where it is not there."""

    kind: str
    name: str
    aspect: str
    before: str
    after: str


def differences(before: Definition, after: Definition) -> list[Difference]:
    """Return what differs, in the order of the newer one; what is gone comes last."""
    old = {item.key: item for item in items_of(before)}
    new = {item.key: item for item in items_of(after)}
    lines: list[Difference] = []
    for key, item in new.items():
        was = old.get(key)
        if was is None:
            added = pgettext("a difference", "Added")
            lines.append(Difference(item.kind, item.name, added, "", item.summary or item.name))
        else:
            lines += _changed(was, item)
    removed = pgettext("a difference", "Removed")
    lines += [
        Difference(item.kind, item.name, removed, item.summary or item.name, "")
        for key, item in old.items()
        if key not in new
    ]
    return lines


def items_of(definition: Definition) -> list[Item]:
    """Return every part of a definition in words; keys that repeat are numbered."""
    parts = (_whole, _dimensions, _points, _gates, _rules)
    seen: Counter[tuple[str, ...]] = Counter()
    items = []
    for item in (item for part in parts for item in part(definition)):
        seen[item.key] += 1
        items.append(replace(item, key=(*item.key, str(seen[item.key]))))
    return items


def _changed(was: Item, item: Item) -> Iterator[Difference]:
    names = [*item.aspects, *(name for name in was.aspects if name not in item.aspects)]
    for name in names:
        before, after = was.aspects.get(name, ""), item.aspects.get(name, "")
        if before != after:
            yield Difference(item.kind, item.name, name, before, after)


def _whole(definition: Definition) -> Iterator[Item]:
    card = _("Scorecard")
    rules = definition.rule_set
    cohorts = pgettext("between cohorts", " → ").join(map(audience_words, definition.cohorts))
    aspects: dict[str, str] = {
        _("Method"): str(METHODS[method_of(definition)]),
        _("Neutral score"): formats.number(definition.reference),
        _("Parents and children"): rollup_words(definition),
        _("Compared with"): cohorts,
    }
    if rules:
        aspects[_("Required")] = formats.listed(metric_label(key) for key in rules.requires)
    yield Item(("whole",), card, "", aspects)
    bands = {str(band_look(row.band).word): row.span for row in band_words(definition.bands)[:4]}
    bands[_("Points to recover")] = formats.number(definition.bands.recovery)
    yield Item(("bands",), _("Bands"), "", bands)


def _dimensions(definition: Definition) -> Iterator[Item]:
    labels = dimension_labels(definition)
    total = sum(dimension.weight for dimension in definition.dimensions) or 1.0
    for dimension in definition.dimensions:
        aspects = {
            _("Weight"): formats.percent(round(dimension.weight / total, 4)),
            _("Freshness"): freshness_words(dimension),
            _("Mandatory"): _("Yes") if dimension.mandatory else _("No"),
        }
        label = labels[dimension.key]
        yield Item(("dimension", dimension.key), _("Dimension"), label, aspects)
        inside = sum(measure.weight for measure in dimension.measures)
        for measure in dimension.measures:
            curve = curve_words(measure.curve, metric_unit(measure.metric))
            aspects = {
                _("Weight"): formats.percent(round(measure.weight / inside, 4)),
                _("Dimension"): label,
                _("Curve"): f"{curve.label}: {curve.text}",
                _("Missing values"): missing_words(measure),
            }
            name = metric_label(measure.metric)
            yield Item(("measure", measure.metric), _("Measure"), name, aspects)


def _points(definition: Definition) -> Iterator[Item]:
    for group in definition.point_groups:
        limits = {"low": points_words(group.low), "high": points_words(group.high)}
        aspects = {_("Limits"): _("%(low)s to %(high)s") % limits}
        yield Item(("points", group.key), _("Group of points"), group.key, aspects)
        for rule in group.rules:
            aspects = {
                _("Points"): points_words(rule.points),
                _("Half-life in days"): formats.number(rule.half_life_days),
            }
            name = metric_label(rule.metric)
            yield Item(("point", group.key, rule.metric), _("Points"), name, aspects)


def _gates(definition: Definition) -> Iterator[Item]:
    for gate in definition.gates:
        aspects = {
            _("Score"): limit_words(gate.cap, gate.floor),
            pgettext("a rule holds", "When"): either_words(gate.conditions),
            _("Text"): gate_text(gate),
        }
        yield Item(("gate", gate.key), _("Limit rule"), gate_text(gate), aspects)


def _rules(definition: Definition) -> Iterator[Item]:
    rules = definition.rule_set
    for rule in rules.rules if rules else ():
        gives = (
            {_("Points"): points_words(rule.points)}
            if rules and rules.combine == "all_points"
            else {
                _("Severity"): formats.number(rule.severity),
                _("Score"): formats.number(rule.score),
            }
        )
        aspects = {
            pgettext("a rule holds", "When"): words_of_test(rule.when),
            **gives,
            _("Text"): rule_text(rule),
        }
        yield Item(("rule", rule.key), _("Rule"), rule_text(rule), aspects)
