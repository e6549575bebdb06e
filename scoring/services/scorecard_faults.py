"""Check what a scorecard says, and put every fault in words beside its place."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Segment
from config.lib.problems import FieldError, Problem
from scoring.domain.definition import Audience, Definition
from scoring.domain.json_reader import Direction, InvalidDefinition
from scoring.domain.parsing import parse_audience, parse_definition
from scoring.registry import Metric
from scoring.selectors.assignments import STAGES_BELOW
from scoring.selectors.custom_metrics import all_metrics

FAULTS: Mapping[str, Any] = {
    "above_or_below": _("Give a bound: above, below, at_least, at_most, equals, or missing."),
    "cap_or_floor": _("Give either a cap or a floor."),
    "carry_needs_gone_days": _(
        "To carry the last value forward, say after how many days the dimension's values are gone."
    ),
    "changes_nothing": _("Points of 0 change nothing."),
    "empty_range": _("No number lies between these bounds: the upper one must be the greater."),
    "must_be_after_fresh_days": _("Give both days; the second must be after the first."),
    "must_be_positive": _("This must be a number above 0."),
    "needs_a_pair": _("Give at least one pair of a value and its utility from 0 to 100."),
    "needs_one_way": _(
        "Give exactly one of curve, target, map, percentile and robust_z to turn values into"
        " utilities."
    ),
    "needs_two_knots": _("A curve needs at least two knots, each a pair of numbers."),
    "not_a_boolean": _("Say true or false here."),
    "not_a_list": _("This must be a list."),
    "not_a_name": _("This must be a key of letters, digits, hyphens and underscores."),
    "not_a_number": _("This must be a number."),
    "not_an_object": _("This must be an object."),
    "not_ascending": _("The values must ascend."),
    "not_finite": _("NaN and Infinity are no numbers of JSON."),
    "not_monotone": _("The curve goes against the direction in which this measure gets better."),
    "one_comparison": _("Compare in one way only: bounds, equals, or missing."),
    "one_side": _("Give at most one lower and one upper bound."),
    "out_of_range": _("This number is outside the allowed range."),
    "required": _("This is required."),
    "score_or_band": _("Give either a score or a band."),
    "too_deep": _("Conditions may be nested at most 8 deep."),
    "twice": _("This key is given twice."),
    "unknown_band": _("Choose critical, at_risk, steady or expansion."),
    "unknown_combination": _("Choose all_points or most_severe."),
    "unknown_field": _("There is no field of this name here."),
    "unknown_method": _("This method is not known."),
    "unknown_metric": _("There is no metric with this key."),
    "unknown_policy": _("Choose exclude, neutral, penalty or carry."),
    "unknown_rollup": _("Choose own, worst, mean or arr."),
    "unknown_schema": _("This schema version is not known."),
    "unknown_segment": _("There is no segment with this key whose rules do without health itself."),
}


class InvalidScorecard(Problem):
    """The definition of a scorecard has faults; each names its place."""

    code = "invalid_scorecard"
    title = _("The scorecard is not valid.")


def check_definition(*, definition: Any) -> Definition:
    """Return a definition as read.

    Curves have to go in the direction of their metric; cohorts may name segments whose rules do
    without health itself.

    :raises InvalidScorecard: with every fault and its place.
    """
    known = all_metrics()
    try:
        return parse_definition(
            definition,
            metrics=set(known),
            directions=directions_of(known),
            segments=segments_below_scoring(),
            is_new=True,
        )
    except InvalidDefinition as error:
        raise _invalid(error, "") from error


def check_audience(*, audience: Any, pointer: str = "/condition") -> Audience:
    """Return a condition on what accounts are, such as {"phase": "onboarding"}.

    :raises InvalidScorecard: naming the part of the condition that can't be used.
    """
    try:
        return parse_audience(audience, segments=segments_below_scoring())
    except InvalidDefinition as error:
        raise _invalid(error, pointer) from error


def directions_of(known: Mapping[str, Metric]) -> dict[str, Direction]:
    """Return which way health lies for each metric that says so."""
    return {
        key: "higher" if metric.higher_is_better else "lower"
        for key, metric in known.items()
        if metric.higher_is_better is not None
    }


def segments_below_scoring() -> set[str]:
    """Return the keys of the segments a scorecard may name."""
    usable = Segment.objects.filter(archived_at=None, stage__in=STAGES_BELOW)
    return set(usable.values_list("key", flat=True))


def _invalid(error: InvalidDefinition, root: str) -> InvalidScorecard:
    return InvalidScorecard(
        errors=[FieldError(root + fault.pointer, FAULTS[fault.code]) for fault in error.faults]
    )
