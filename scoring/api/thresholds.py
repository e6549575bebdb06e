"""What a question about a bound says over REST, and what is answered."""

import math
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from scoring.domain.thresholds import BOUNDS, Below
from scoring.forms.thresholds import MOST_MEMBERS, MOST_MONEY, MOST_PER_WEEK, MOST_WEEKS
from scoring.selectors.threshold_words import reason_of
from scoring.selectors.thresholds import Answer

_NEEDS_COST = _("A budget needs the cost of one account.")


class FiniteField(serializers.FloatField):
    """A number; the text "nan", which floats take for one, is none."""

    def to_internal_value(self, data: Any) -> float:
        """Return the number.

        :raises ValidationError: for what is none.
        """
        value: float = super().to_internal_value(data)
        if not math.isfinite(value):
            self.fail("invalid")
        return value


class ThresholdQuestionSerializer(serializers.Serializer[Any]):
    """Which bound is to fit whom: so many accounts a week each member, each once in so many weeks.

    Without `members` those who work in the teams of the accounts are counted. `cost` is that of
    taking an account up, `budget` what may be spent a week, in the reporting currency.
    """

    bound = serializers.ChoiceField(choices=BOUNDS, default="at_risk")
    per_week = FiniteField(min_value=0.01, max_value=MOST_PER_WEEK)
    weeks = serializers.IntegerField(min_value=1, max_value=MOST_WEEKS, default=4)
    members = serializers.IntegerField(
        min_value=1, max_value=MOST_MEMBERS, required=False, allow_null=True
    )
    cost = FiniteField(min_value=0, max_value=MOST_MONEY, required=False, allow_null=True)
    budget = FiniteField(min_value=0, max_value=MOST_MONEY, required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a budget nobody can hold anything against."""
        if attrs.get("budget") is not None and not attrs.get("cost"):
            raise serializers.ValidationError({"cost": [_NEEDS_COST]})
        return attrs


class ThresholdTakingSerializer(ThresholdQuestionSerializer):
    """The same question, and the bound that was proposed and is agreed to."""

    proposed = FiniteField(min_value=0, max_value=100)


class StepSerializer(serializers.Serializer[Any]):
    """A bound that was tried and what follows from it; `cost` is that of a week."""

    bound = serializers.FloatField()
    accounts = serializers.IntegerField()
    arr = serializers.FloatField()
    cost = serializers.FloatField(allow_null=True)


class ThresholdSerializer(serializers.Serializer[Any]):
    """A proposal: the bound as it is and as it would fit, and every bound that was tried."""

    bound = serializers.ChoiceField(choices=BOUNDS)
    now = StepSerializer()
    proposed = StepSerializer()
    fits = serializers.BooleanField()
    capacity = serializers.IntegerField(help_text="Accounts that fit into a cycle.")
    members = serializers.IntegerField()
    judged = serializers.IntegerField(help_text="Accounts with a score.")
    currency = serializers.CharField()
    reason = serializers.CharField()
    steps = StepSerializer(many=True)


def told_threshold(answer: Answer) -> dict[str, Any]:
    """Return an answer as `ThresholdSerializer` shows it."""

    def step(below: Below) -> dict[str, Any]:
        return {**vars(below), "cost": answer.room.spent(below.accounts)}

    return {
        "bound": answer.asked.bound,
        "now": step(answer.proposal.now),
        "proposed": step(answer.proposal.then),
        "fits": answer.proposal.fits,
        "capacity": answer.room.accounts,
        "members": answer.room.members,
        "judged": answer.judged,
        "currency": answer.currency,
        "reason": reason_of(answer),
        "steps": [step(below) for below in answer.steps],
    }
