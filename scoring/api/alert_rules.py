"""The resource `alert-rules`: when each kind of alert opens."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rest_framework import serializers

from accounts.api.keyed import KeyedViewSet
from scoring.domain.alerts import BOUNDS, LONGEST_COOL_DOWN, Rule
from scoring.models import AlertRule
from scoring.selectors.alert_rules import alert_rules
from scoring.services.alerts import set_alert_rule


class AlertRuleSerializer(serializers.Serializer[Any]):
    """Whether a kind of alert opens, from which threshold on, and how long it rests.

    `threshold` means for `crossing` 1 from at risk on and 0 critical only, for `decline` points in
    30 days, for `usage_silence` days, for `talk_silence` multiples of the cadence.
    """

    key = serializers.SlugField(read_only=True)
    is_active = serializers.BooleanField()
    threshold = serializers.FloatField()
    cool_down_days = serializers.IntegerField(min_value=0, max_value=LONGEST_COOL_DOWN)
    lowest = serializers.FloatField(read_only=True, help_text="The lowest threshold there is.")
    highest = serializers.FloatField(read_only=True)


@dataclass(frozen=True)
class KeyedRule(Rule):
    """A rule with its kind and the bounds of its threshold."""

    key: str = ""
    lowest: float = 0.0
    highest: float = 0.0


class AlertRuleViewSet(KeyedViewSet):
    """One a kind of alert. Everybody reads them, managers and administrators change them; the next
    run goes by it."""

    queryset = AlertRule.objects.all()
    serializer_class = AlertRuleSerializer

    def rows(self) -> Sequence[KeyedRule]:
        return [
            KeyedRule(**asdict(rule), key=kind, lowest=BOUNDS[kind].low, highest=BOUNDS[kind].high)
            for kind, rule in alert_rules().items()
        ]

    def change(self, row: KeyedRule, data: dict[str, Any]) -> None:
        names = ("is_active", "threshold", "cool_down_days")
        wanted = {name: data.get(name, getattr(row, name)) for name in names}
        set_alert_rule(kind=row.key, by=self.me, **wanted)
