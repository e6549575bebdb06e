"""What a custom metric measures, in words, and its values with their unit."""

import math

from django.utils.translation import gettext as _

from config.lib import formats
from scoring.choices import MetricAggregate, MetricDivisor
from scoring.domain.metric_spec import MetricSpec, parse_spec
from scoring.models import CustomMetric


def value_in(unit: str, x: float | None) -> str:
    """Write a reading with its unit; a missing one as a dash."""
    if x is None:
        return "–"
    match unit:
        case "share":
            return formats.percent(round(x, 3))
        case "days":
            return _("%(n)s d") % {"n": formats.number(round(x, 1))}
        case "ratio":
            return _("%(n)s ×") % {"n": formats.number(round(x, 2))}
        case "change":
            return formats.delta(100 * (math.exp(x) - 1)) + "%"
        case "nps":
            return formats.delta(x)
        case _:
            return formats.figure(x)


def in_words(metric: CustomMetric) -> str:
    """Say in a line what the metric counts, of what and over which days."""
    return spec_words(parse_spec(metric.spec))


def spec_words(spec: MetricSpec) -> str:
    """Say in a line what is counted, of what and over which days."""
    what = spec.attribute or spec.measurement or spec.event or _("any event")
    parts = [f"{_made(spec)}: {what}"]
    parts += [name for name in (spec.sum_of, spec.value_of) if name]
    parts += [f"{name} = {value}" for name, value in spec.filter.items()]
    if spec.over:
        parts.append(f"÷ {spec.over_name or MetricDivisor(spec.over).label}")
    return " · ".join([*parts, *_limits(spec)])


def _made(spec: MetricSpec) -> str:
    """Say what is made of the rows; counting knows people from values."""
    if spec.aggregate == "distinct":
        return _("How many different values") if spec.value_of else _("How many people")
    return str(MetricAggregate(spec.aggregate).label)


def _limits(spec: MetricSpec) -> list[str]:
    limits = []
    if spec.window:
        limits.append(_("%(n)s days") % {"n": spec.window})
    if spec.half_life:
        limits.append(_("half-life %(n)s days") % {"n": formats.number(spec.half_life)})
    if spec.segment:
        limits.append(_("segment %(key)s") % {"key": spec.segment})
    return limits
