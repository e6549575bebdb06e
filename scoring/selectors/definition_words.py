"""A scorecard in words everybody understands: what counts how much, and what follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from config.lib import formats
from scoring.domain.bands import Bands
from scoring.domain.definition import Definition, Dimension, Measure, PointGroup, RuleSet
from scoring.selectors.condition_words import words_of_test
from scoring.selectors.curve_words import CurveWords, curve_words
from scoring.selectors.labels import (
    audience_words,
    dimension_labels,
    gate_text,
    metric_label,
    metric_unit,
    rule_text,
)

METHODS: dict[str, Any] = {
    "weighted": pgettext_lazy("method of a scorecard", "Weighted average"),
    "all_points": pgettext_lazy("method of a scorecard", "Rules, all points"),
    "most_severe": pgettext_lazy("method of a scorecard", "Rules, the most severe one"),
}
ROLLUPS: dict[str, Any] = {
    "none": pgettext_lazy("roll-up", "A parent is judged by itself, without any cap"),
    "own": pgettext_lazy("roll-up", "A parent is judged by itself"),
    "worst": pgettext_lazy("roll-up", "A parent takes the lowest score of itself and its children"),
    "mean": pgettext_lazy("roll-up", "A parent takes the mean of itself and its children"),
    "arr": pgettext_lazy("roll-up", "A parent mixes its own score with its children's by ARR"),
}
MISSING: dict[str, Any] = {
    "exclude": gettext_lazy("left out; coverage falls"),
    "neutral": gettext_lazy("the middle account of the cohort stands in"),
    "penalty": gettext_lazy("a fixed value stands in"),
    "carry": gettext_lazy("the last value stands in until it is gone"),
}


@dataclass(frozen=True)
class MeasureWords:
    """A measure: `weight` of its dimension and `share` of the score, 0–1."""

    key: str
    label: str
    weight: float
    share: float
    curve: CurveWords
    missing: str

    @property
    def percent(self) -> float:
        """Return the share of the score in percent, as long as its bar is."""
        return round(100 * self.share, 1)


@dataclass(frozen=True)
class DimensionWords:
    """A dimension with its weight (0–1) and how long its values stay fresh."""

    key: str
    label: str
    weight: float
    freshness: str
    is_mandatory: bool
    measures: list[MeasureWords]


@dataclass(frozen=True)
class BandWords:
    """A band: where it lies, what it means and what to do."""

    band: str
    span: str
    means: str
    do: str


def method_of(definition: Definition) -> str:
    """Return the key of the method: weighted, all_points or most_severe."""
    rules = definition.rule_set
    return "weighted" if rules is None else rules.combine


def card_words(definition: Definition) -> dict[str, Any]:
    """Return everything a definition says, in the reader's language."""
    return {
        "method": METHODS[method_of(definition)],
        "is_weighted": definition.rule_set is None,
        "bands": band_words(definition.bands),
        "recovery": recovery_words(definition.bands),
        "dimensions": [_dimension(definition, one) for one in definition.dimensions],
        "points": [_group(group) for group in definition.point_groups],
        "gates": [
            (gate_text(gate), limit_words(gate.cap, gate.floor), either_words(gate.conditions))
            for gate in definition.gates
        ],
        "rules": rule_words(definition.rule_set) if definition.rule_set else None,
        "rollup": rollup_words(definition),
        "cohorts": [audience_words(cohort) for cohort in definition.cohorts],
        "mandatory": [
            dimension_labels(definition)[one.key] for one in definition.dimensions if one.mandatory
        ],
        "reference": formats.number(definition.reference),
    }


def band_words(bands: Bands) -> list[BandWords]:
    """Say of each band where it lies, what it means and what follows."""
    low, risk, high = (formats.number(x) for x in (bands.critical, bands.at_risk, bands.expansion))
    below, inside = _("below %(x)s"), _("%(x)s and below")
    over, from_ = _("above %(x)s"), _("%(x)s and above")
    return [
        BandWords(
            "critical",
            (inside if bands.critical_includes else below) % {"x": low},
            _("We may lose this customer soon."),
            _("Review the same day, with the manager; a recovery plan within a week."),
        ),
        BandWords(
            "at_risk",
            _("%(low)s to %(high)s") % {"low": low, "high": risk},
            _("Something important is wrong, and nobody has put it right yet."),
            _("Read the parts, talk to the customer at once, agree what changes."),
        ),
        BandWords(
            "steady",
            _("%(low)s to %(high)s") % {"low": risk, "high": high},
            _("The customer uses what it pays for and is in touch with us."),
            _("Keep the cadence; business review every quarter."),
        ),
        BandWords(
            "expansion",
            (from_ if bands.expansion_includes else over) % {"x": high},
            _("The customer gets more out of it than planned."),
            _("Hand a lead to the account owner; ask for a reference."),
        ),
        BandWords(
            "not_enough_data",
            "–",
            _("Too little is known. It is neither good nor bad, and no alert comes of it."),
            _("See which values are missing, and connect or record them."),
        ),
    ]


def recovery_words(bands: Bands) -> str:
    """Say how an account comes back to a better band."""
    return _(
        "A worse band acts at once. A better one needs %(points)s points above its bound on two"
        " official days, so that nobody flaps."
    ) % {"points": formats.number(bands.recovery)}


def limit_words(cap: float | None, floor: float | None) -> str:
    """Say what a gate does to the score."""
    if cap is not None:
        return _("at most %(x)s") % {"x": formats.number(cap)}
    return _("at least %(x)s") % {"x": formats.number(floor or 0)}


def either_words(tests: Sequence[Any]) -> str:
    """Say that one of several conditions is enough."""
    return _(" or ").join(words_of_test(test) for test in tests)


def points_words(points: float) -> str:
    """Write points with their sign, with a decimal only where there is one."""
    return formats.delta(points, 0 if float(points).is_integer() else 1)


def freshness_words(dimension: Dimension) -> str:
    """Say how long values of a dimension count."""
    if dimension.fresh_days is None or dimension.gone_days is None:
        return _("Values never grow stale.")
    return _("Values count fully for %(fresh)s days and not at all after %(gone)s.") % {
        "fresh": formats.number(dimension.fresh_days),
        "gone": formats.number(dimension.gone_days),
    }


def missing_words(measure: Measure) -> str:
    """Say what stands in for a missing value."""
    if measure.missing == "penalty":
        return _("%(u)s stands in") % {"u": formats.number(measure.penalty)}
    return str(MISSING[measure.missing])


def rollup_words(definition: Definition) -> str:
    """Say how a parent is judged."""
    rollup = definition.rollup
    if rollup is None:
        return _("A parent is judged by itself, without any cap.")
    caps = _(
        "%(method)s; at most %(cap)s while critical children hold %(share)s of the group's ARR or"
        " more."
    )
    method = str(ROLLUPS[rollup.method])
    if rollup.method == "arr":
        own = formats.percent(round(rollup.own_share, 3))
        method = _("%(method)s, its own at %(own)s") % {"method": method, "own": own}
    return caps % {
        "method": method,
        "cap": formats.number(rollup.critical_cap),
        "share": formats.percent(round(rollup.critical_share, 3)),
    }


def rule_words(rules: RuleSet) -> dict[str, Any]:
    """Say what each rule asks and gives."""
    return {
        "combine": rules.combine,
        "start": formats.number(rules.start),
        "requires": [metric_label(key) for key in rules.requires],
        "rows": [
            {
                "text": rule_text(rule),
                "when": words_of_test(rule.when),
                "points": points_words(rule.points),
                "severity": formats.number(rule.severity),
                "score": formats.number(rule.score),
            }
            for rule in rules.rules
        ],
    }


def _dimension(definition: Definition, dimension: Dimension) -> DimensionWords:
    total = sum(one.weight for one in definition.dimensions)
    inside = sum(measure.weight for measure in dimension.measures)
    weight = dimension.weight / total
    return DimensionWords(
        dimension.key,
        dimension_labels(definition)[dimension.key],
        weight,
        freshness_words(dimension),
        dimension.mandatory,
        [_measure(measure, measure.weight / inside, weight) for measure in dimension.measures],
    )


def _measure(measure: Measure, weight: float, of: float) -> MeasureWords:
    return MeasureWords(
        measure.metric,
        metric_label(measure.metric),
        weight,
        weight * of,
        curve_words(measure.curve, metric_unit(measure.metric)),
        missing_words(measure),
    )


def _group(group: PointGroup) -> dict[str, Any]:
    return {
        "key": group.key,
        "low": points_words(group.low),
        "high": points_words(group.high),
        "rules": [
            (
                metric_label(rule.metric),
                points_words(rule.points),
                formats.number(rule.half_life_days),
            )
            for rule in group.rules
        ],
    }
