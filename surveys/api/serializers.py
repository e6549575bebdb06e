"""Surveys, waves and identified answers over the API."""

from typing import Any

from rest_framework import serializers

from accounts.api.relations import LinkField, LinksField
from accounts.models import Contact
from surveys.choices import HoldReason, SurveyMode
from surveys.models import Response, Survey, Wave
from surveys.registry import kind_choices


class SurveySerializer(serializers.ModelSerializer[Survey]):
    """A survey; `texts` (by language) replaces single texts of the kind's wording."""

    kind = serializers.ChoiceField(choices=kind_choices())
    mode = serializers.ChoiceField(choices=SurveyMode.choices, default=SurveyMode.IDENTIFIED)
    texts = serializers.DictField(
        child=serializers.DictField(child=serializers.CharField(allow_blank=True)), required=False
    )

    class Meta:
        model = Survey
        fields = ("id", "name", "kind", "mode", "texts", "retention_months", "created_at")
        read_only_fields = ("retention_months", "created_at")


class WaveSerializer(serializers.ModelSerializer[Wave]):
    """A survey put to people from today to the last day."""

    survey = LinkField(queryset=Survey.objects.all())
    report_on = serializers.DateField(required=False)

    class Meta:
        model = Wave
        fields = (
            "id",
            "survey",
            "name",
            "state",
            "opens_on",
            "closes_on",
            "closes_at",
            "report_on",
        )
        read_only_fields = ("state", "opens_on", "closes_at")


class ResponseSerializer(serializers.ModelSerializer[Response]):
    """What one person answered with their name on it."""

    account = LinkField(read_only=True)
    contact = LinkField(read_only=True)

    class Meta:
        model = Response
        fields = (
            "id",
            "account",
            "contact",
            "survey",
            "wave",
            "kind",
            "score",
            "csat",
            "comment",
            "language",
            "answered_at",
            "recorded_at",
        )


class InviteSerializer(serializers.Serializer[Any]):
    contacts = LinksField(queryset=Contact.objects.all(), allow_empty=False)


class InvitationReportSerializer(serializers.Serializer[Any]):
    """How many were invited, and how many not, by reason."""

    invited = serializers.IntegerField()
    held = serializers.DictField(
        child=serializers.IntegerField(), help_text=", ".join(HoldReason.values)
    )


class CellSerializer(serializers.Serializer[Any]):
    """A whole cell of answers; `nps` is null of nothing, `label` warns of too few."""

    level = serializers.ChoiceField(choices=["organisation"])
    n = serializers.IntegerField()
    nps = serializers.FloatField(allow_null=True)
    interval = serializers.ListField(child=serializers.FloatField(), allow_null=True)
    label = serializers.ChoiceField(choices=["indicative", ""])  # type: ignore[assignment]


class WaveResultsSerializer(serializers.Serializer[Any]):
    invited = serializers.IntegerField()
    answered = serializers.IntegerField()
    cells = CellSerializer(many=True)
