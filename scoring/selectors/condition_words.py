"""Conditions of gates and rules in words."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from scoring.domain.conditions import AllOf, AnyOf, Condition, Not, Test
from scoring.selectors.labels import metric_label, metric_unit
from scoring.selectors.metric_texts import value_in

#: How one metric is compared, by the names the definition has for it.
OPERATORS: dict[str, Any] = {
    "above": pgettext_lazy("a condition", "more than"),
    "at_least": pgettext_lazy("a condition", "at least"),
    "below": pgettext_lazy("a condition", "less than"),
    "at_most": pgettext_lazy("a condition", "at most"),
    "equals": pgettext_lazy("a condition", "exactly"),
    "missing": pgettext_lazy("a condition", "not known"),
}

#: How conditions are joined in a group; the last two deny what the first two say.
JOINTS: dict[str, Any] = {
    "all": gettext_lazy("all of these hold"),
    "any": gettext_lazy("at least one of these holds"),
    "none": gettext_lazy("none of these holds"),
    "not_all": gettext_lazy("not all of these hold"),
}


def words_of_test(test: Test) -> str:
    """Say when a condition holds, by the labels and units of its metrics."""
    match test:
        case AllOf(parts):
            return pgettext("between conditions", " and ").join(_part(part) for part in parts)
        case AnyOf(parts):
            return pgettext("between conditions", " or ").join(_part(part) for part in parts)
        case Not(part):
            return _("not (%(condition)s)") % {"condition": words_of_test(part)}
        case Condition():
            return _condition(test)


def _part(test: Test) -> str:
    words = words_of_test(test)
    return f"({words})" if isinstance(test, AllOf | AnyOf) else words


def _condition(test: Condition) -> str:
    unit, names = metric_unit(test.metric), {"metric": metric_label(test.metric)}
    if test.missing:
        return _("%(metric)s: not known") % names
    if test.at_least is not None and test.at_least == test.at_most:
        return _("%(metric)s: exactly %(x)s") % {**names, "x": value_in(unit, test.at_least)}
    is_range = test.below is not None or test.at_most is not None
    more = pgettext("of a range", "more than %(x)s") if is_range else _("more than %(x)s")
    bounds = [
        (test.above, more),
        (test.at_least, _("at least %(x)s")),
        (test.below, _("less than %(x)s")),
        (test.at_most, _("at most %(x)s")),
    ]
    says = [words % {"x": value_in(unit, x)} for x, words in bounds if x is not None]
    told = {**names, "says": pgettext("between the bounds of a range", " and ").join(says)}
    return _("%(metric)s: %(says)s") % told
