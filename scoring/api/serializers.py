"""The shapes of health over REST.

reference + Σ contributions.points + Σ rules.points + Σ points.points + corrections = score.
"""

from typing import Any

from rest_framework import serializers

from scoring.choices import Band, RunKind

S = serializers


class OverrideSerializer(S.Serializer[Any]):
    kind = S.CharField()
    value = S.FloatField(allow_null=True)
    band = S.CharField()
    reason = S.CharField()
    expires_at = S.DateTimeField()


class GateSerializer(S.Serializer[Any]):
    key = S.CharField()
    label = S.CharField(source="text")  # type: ignore[assignment]
    cap = S.FloatField(allow_null=True)
    floor = S.FloatField(allow_null=True)
    binding = S.BooleanField()


class DimensionSerializer(S.Serializer[Any]):
    key = S.CharField()
    label = S.CharField()  # type: ignore[assignment]
    utility = S.FloatField(allow_null=True)
    coverage = S.FloatField()
    weight = S.FloatField()


class ContributionSerializer(S.Serializer[Any]):
    key = S.CharField()
    label = S.CharField()  # type: ignore[assignment]
    dimension = S.CharField()
    value = S.FloatField(allow_null=True)
    unit = S.CharField()
    utility = S.FloatField(allow_null=True)
    weight = S.FloatField()
    points = S.FloatField()
    freshness = S.FloatField()


class RuleSerializer(S.Serializer[Any]):
    """A rule of the scorecard; `holds` is null where the readings leave it open."""

    key = S.CharField()
    label = S.CharField()  # type: ignore[assignment]
    holds = S.BooleanField(allow_null=True)
    points = S.FloatField()


class ChildScoreSerializer(S.Serializer[Any]):
    """A child in its parent's roll-up; `excluded` says why it does not count."""

    account = S.IntegerField(source="account_id")
    score = S.FloatField(allow_null=True)
    arr = S.FloatField()
    critical = S.BooleanField(source="is_critical")
    excluded = S.ChoiceField(["", "no_score", "not_a_customer"])


class RollupSerializer(S.Serializer[Any]):
    """What the children make of their parent; `hidden` counts those the caller can't see."""

    method = S.ChoiceField(["own", "worst", "mean", "arr"])
    children = ChildScoreSerializer(many=True)
    hidden = S.IntegerField()


class PointSerializer(S.Serializer[Any]):
    key = S.CharField()
    label = S.CharField()  # type: ignore[assignment]
    points = S.FloatField()


class CorrectionsSerializer(S.Serializer[Any]):
    clip = S.FloatField()
    gates = S.FloatField()
    rollup = S.FloatField()
    override = S.FloatField()


class ScorecardOfScoreSerializer(S.Serializer[Any]):
    key = S.CharField()
    version = S.IntegerField()


class TrendSerializer(S.Serializer[Any]):
    change_30d = S.FloatField()
    p = S.FloatField()
    direction = S.ChoiceField(["rising", "declining", "level"])


class ChangesSerializer(S.Serializer[Any]):
    """How far the score is from where it was; null where there was none."""

    days_7 = S.FloatField(allow_null=True)
    days_30 = S.FloatField(allow_null=True)
    days_90 = S.FloatField(allow_null=True)


class HealthSerializer(S.Serializer[Any]):
    """A score and everything it is made of."""

    day = S.DateField()
    score = S.FloatField(allow_null=True)
    band = S.ChoiceField(Band.choices)
    status = S.ChoiceField(["ok", "not_enough_data"])
    coverage = S.FloatField()
    confidence = S.FloatField()
    trend = TrendSerializer(allow_null=True)
    changes = ChangesSerializer()
    computed = S.FloatField(allow_null=True)
    override = OverrideSerializer(allow_null=True)
    gates = GateSerializer(many=True)
    dimensions = DimensionSerializer(many=True)
    reference = S.FloatField()
    contributions = ContributionSerializer(many=True)
    rules = RuleSerializer(many=True)
    points = PointSerializer(many=True)
    corrections = CorrectionsSerializer()
    rollup = RollupSerializer(allow_null=True)
    restated = S.BooleanField()
    scorecard = ScorecardOfScoreSerializer()
    as_of = S.DateTimeField()
    known_at = S.DateTimeField()


class HealthDaySerializer(S.Serializer[Any]):
    day = S.DateField()
    score = S.FloatField(allow_null=True)
    computed = S.FloatField(allow_null=True)
    band = S.ChoiceField(Band.choices)
    coverage = S.FloatField()
    kind = S.ChoiceField(RunKind.choices)


class HealthHistorySerializer(S.Serializer[Any]):
    next = S.CharField(allow_null=True)
    previous = S.CharField(allow_null=True)
    results = HealthDaySerializer(many=True)


class HealthMoveSerializer(S.Serializer[Any]):
    """What one measure did: `behaviour` is the customer's, `coverage` what we know and weigh."""

    key = S.CharField()
    label = S.CharField()  # type: ignore[assignment]
    dimension = S.CharField()
    before = S.FloatField(allow_null=True)
    after = S.FloatField(allow_null=True)
    unit = S.CharField()
    behaviour = S.FloatField()
    coverage = S.FloatField()
    total = S.FloatField()


class HealthDiffSerializer(S.Serializer[Any]):
    """Σ moves.total + points + corrections + scorecard = change."""

    before = S.DateField()
    after = S.DateField()
    score_before = S.FloatField(allow_null=True)
    score_after = S.FloatField(allow_null=True)
    change = S.FloatField(allow_null=True)
    moves = HealthMoveSerializer(many=True)
    points = S.FloatField()
    corrections = S.FloatField()
    scorecard = S.FloatField()
