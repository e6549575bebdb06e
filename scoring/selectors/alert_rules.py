"""The rules of alerts that hold: what the organisation decided, else the shipped defaults."""

from collections.abc import Mapping

from scoring.choices import AlertKind
from scoring.domain.alerts import DEFAULTS, Rule
from scoring.models import AlertRule


def alert_rules() -> Mapping[str, Rule]:
    """Return the rule of every kind of alert; one query."""
    decided = {
        row.kind: Rule(row.is_active, row.threshold, row.cool_down_days)
        for row in AlertRule.objects.all()
    }
    return {kind: decided.get(kind, DEFAULTS[kind]) for kind in AlertKind.values}
