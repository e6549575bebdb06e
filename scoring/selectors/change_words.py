"""Columns of scoring that hold keys and objects, as the page of their changes tells them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts.registry import fields
from config.lib.formats import listed
from scoring.choices import TraitField
from scoring.domain.definition import Definition
from scoring.domain.json_reader import InvalidDefinition
from scoring.domain.metric_spec import InvalidSpec, parse_spec
from scoring.domain.parsing import parse_definition
from scoring.domain.periods import parse_period
from scoring.domain.pruning import mentioned
from scoring.selectors.custom_metrics import all_metrics
from scoring.selectors.definition_diff import differences, items_of
from scoring.selectors.kpi_words import TARGETS, period_label
from scoring.selectors.labels import audience_words
from scoring.selectors.metric_texts import spec_words

Lines = Iterable[tuple[Any, Any, Any]]


def audience_changes(before: Any, after: Any, *, row: Any, names: Any) -> Lines:
    """Tell whom a scorecard is for, condition by condition."""
    old, new = before or {}, after or {}
    for key in sorted({*old, *new}):
        if old.get(key) != new.get(key):
            label = fields.get(key).label if key in fields else _("Segment")
            yield label, _audience(key, old), _audience(key, new)


def definition_changes(before: Any, after: Any, *, row: Any, names: Any) -> Lines:
    """Tell what differs between two wordings; of the first one, every part."""
    old, new = _definition(before), _definition(after)
    if old and new:
        for line in differences(old, new):
            yield f"{line.kind} {line.name} · {line.aspect}", line.before, line.after
        return
    for definition, is_new in ((old, False), (new, True)):
        for item in items_of(definition) if definition else ():
            said = item.summary or item.name
            yield f"{item.kind} {item.name}".strip(), "" if is_new else said, said if is_new else ""


def spec_word(stored: Any, row: Any, user: Any) -> str:
    """Return what a metric counts, in a line; nothing for a spec no longer understood."""
    try:
        return spec_words(parse_spec(stored))
    except InvalidSpec:
        return ""


def kpi_word(key: Any, row: Any, user: Any) -> Any:
    """Return which KPI a target is of."""
    return TARGETS[key].label if key in TARGETS else key


def period_word(code: Any, row: Any, user: Any) -> Any:
    """Return the name of a target's period; fiscal years are called alike whenever they begin."""
    period = parse_period(str(code), fiscal_month=4, today=dt.date(2000, 4, 1))
    return period_label(period) if period else code


def trait_words(traits: Any, row: Any, user: Any) -> str:
    """Return which fields a key may change."""
    words = dict(TraitField.choices)
    return listed(words.get(trait, trait) for trait in traits)


def _audience(key: str, conditions: Mapping[str, Any]) -> str:
    return audience_words({key: conditions[key]}) if key in conditions else ""


def _definition(stored: Any) -> Definition | None:
    """Return a stored definition; none for one that says nothing a reader could be told."""
    if not stored:
        return None
    try:
        return parse_definition(stored, metrics={*all_metrics(), *mentioned(stored)})
    except InvalidDefinition:
        return None
