"""Trees of accounts over the API: who is below, and what they add up to."""

import json
import re
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.domain.rules import Group
from accounts.selectors.hierarchy import RollUp
from accounts.services.segments import read_rules
from config.lib.problems import Problem

MEASURE = re.compile(r"[a-z]+:[a-z][a-z0-9_.]*")
MOST_MEASURES = 20


class ChildSerializer(serializers.Serializer[Any]):
    """An account so many steps below; 1 is a direct child. A parent out of sight is null."""

    id = serializers.IntegerField(source="account.pk")
    external_id = serializers.CharField(source="account.external_id", allow_null=True)
    name = serializers.CharField(source="account.name")
    parent: Any = serializers.IntegerField(source="account.parent_id", allow_null=True)
    depth = serializers.IntegerField()


class ChildrenSerializer(serializers.Serializer[Any]):
    """The tree in its order; `hidden` are accounts below that the caller can't see."""

    results = ChildSerializer(many=True)
    hidden = serializers.IntegerField()


class RollUpQuerySerializer(serializers.Serializer[Any]):
    """What to add up: `measure=sum:arr`, repeatable; functions sum, min, max, avg, count."""

    measure = serializers.ListField(
        child=serializers.RegexField(MEASURE, max_length=200),
        min_length=1,
        max_length=MOST_MEASURES,
    )
    filter = serializers.CharField(required=False, help_text="A rule tree as JSON text.")

    def validate_filter(self, text: str) -> Group:
        """Return the rule tree accounts must fulfil to count."""
        try:
            return read_rules(json.loads(text), by=self.context["request"].user)
        except (ValueError, RecursionError, Problem) as error:
            raise serializers.ValidationError(_("These rules can't be used.")) from error


class FigureSerializer(serializers.Serializer[Any]):
    """One figure; a number, a day or an instant, null where no account has a value.

    An amount says its `currency`; one over several currencies is in the reporting currency, and
    null where a rate is missing.
    """

    function = serializers.CharField()
    field = serializers.CharField()
    value = serializers.JSONField(allow_null=True)
    currency = serializers.CharField(allow_null=True)


class RollUpSerializer(serializers.Serializer[Any]):
    """Figures over the accounts below that the caller sees; `hidden` says how many they don't."""

    accounts = serializers.IntegerField()
    hidden = serializers.IntegerField()
    values = FigureSerializer(many=True)

    def to_representation(self, instance: RollUp) -> dict[str, Any]:
        values = [
            {
                "function": measure.function,
                "field": measure.key,
                "value": _plain(value),
                "currency": (instance.currency or None) if measure.is_money else None,
            }
            for measure, value in instance.values.items()
        ]
        return {"accounts": instance.accounts, "hidden": instance.hidden, "values": values}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, int | float):
        return value
    return str(value) if isinstance(value, Decimal) else value.isoformat()
