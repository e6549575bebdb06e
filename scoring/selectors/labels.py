"""The words of metrics, dimensions and gates in the reader's language."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts.choices import AccountKind, Phase, Tier, TouchModel
from accounts.models import Segment
from config.lib.formats import is_japanese
from config.lib.once import once
from scoring.domain.definition import Audience, Definition, Gate, Rule
from scoring.selectors.custom_metrics import all_metrics


def metric_label(key: str) -> str:
    """Return the label of a metric; its key if the metric is gone."""
    known = all_metrics()
    return str(known[key].label) if key in known else key


def metric_unit(key: str) -> str:
    """Return the unit of a metric; empty if the metric is gone."""
    known = all_metrics()
    return known[key].unit if key in known else ""


def dimension_labels(definition: Definition) -> dict[str, str]:
    """Return the label of each dimension."""
    japanese = is_japanese()
    return {d.key: d.label_ja if japanese else d.label_en for d in definition.dimensions}


def gate_text(gate: Gate) -> str:
    """Return what a gate says."""
    return gate.text_ja if is_japanese() else gate.text_en


def rule_text(rule: Rule) -> str:
    """Return what a rule says."""
    return rule.text_ja if is_japanese() else rule.text_en


def audience_words(audience: Audience | None) -> str:
    """Return whom a condition is about: "all accounts", "High touch · Onboarding"."""
    if not audience:
        return _("all accounts")
    return " · ".join(_AUDIENCE[key](value) for key, value in sorted(audience.items()))


def _segment(key: object) -> str:
    return str(once("scoring.segments", _segments).get(str(key), key))


def _segments() -> dict[str, Segment]:
    return {segment.key: segment for segment in Segment.objects.order_by("key")}


def _choice(choices: Any) -> Callable[[object], str]:
    return lambda value: str(dict(choices.choices).get(value, value))


def _tracked(value: object) -> str:
    return _("with usage data") if value else _("without usage data")


_AUDIENCE: Mapping[str, Callable[[object], str]] = {
    "kind": _choice(AccountKind),
    "phase": _choice(Phase),
    "segment": _segment,
    "tier": _choice(Tier),
    "touch_model": _choice(TouchModel),
    "tracked": _tracked,
}
