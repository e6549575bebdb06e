"""`/api/v1/kpis/`: the figures of a period, with their definitions."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.base import ApiView
from accounts.models import Segment, Team
from config.lib.problems import FieldError, Problem
from scoring.domain.kpi_targets import PARTS, Verdict
from scoring.domain.periods import ROLLING
from scoring.querysets import may_read_reports
from scoring.selectors.reports import (
    Line,
    Question,
    arr_verdicts,
    lines_of,
    numbers_of,
    question_of,
    wanted_by,
)


class NotAPeriod(Problem):
    """The period is no code, or it has not begun."""

    code = "not_a_period"
    title = _("Give a period that has begun: 2026-11, FY2026, FY2026-H1, FY2026-Q3 or 12m.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/period", self.title)])


class UnknownPart(Problem):
    """The team or segment does not exist."""

    code = "unknown_part"
    title = _("There is no record with this id.")


class KpiTargetSerializer(serializers.Serializer[Any]):
    """What is wanted, part by part, and whether it is reached; null where nothing is."""

    rate = serializers.FloatField(allow_null=True)
    count = serializers.IntegerField(allow_null=True)
    amount = serializers.FloatField(allow_null=True)
    rate_reached = serializers.BooleanField(allow_null=True)
    count_reached = serializers.BooleanField(allow_null=True)
    amount_reached = serializers.BooleanField(allow_null=True)


class WorkingSerializer(serializers.Serializer[Any]):
    """A step of how a KPI is worked out; `""` begins anew, `=` says what came of it."""

    sign = serializers.ChoiceField(["", "+", "−", "÷", "=", "→"], allow_blank=True)
    what = serializers.CharField()
    value = serializers.FloatField(allow_null=True)
    unit = serializers.ChoiceField(["money", "count", "share", "each"])


class KpiSerializer(serializers.Serializer[Any]):
    """One KPI: shares from 0 to 1, amounts in the reporting currency."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    definition = serializers.CharField()
    rate_is = serializers.CharField(
        allow_blank=True, help_text="What the rate is, where that is not the KPI itself."
    )
    rate = serializers.FloatField(allow_null=True)
    count = serializers.IntegerField()
    counted = serializers.CharField()
    amount = serializers.FloatField(allow_null=True)
    amount_is = serializers.CharField()
    base = serializers.FloatField()
    rate_before = serializers.FloatField(allow_null=True)
    working = WorkingSerializer(many=True)
    target = KpiTargetSerializer(allow_null=True)


class BridgeSerializer(serializers.Serializer[Any]):
    """How ARR went from the opening to the closing; the parts add up."""

    opening = serializers.FloatField()
    new = serializers.FloatField()
    expansion = serializers.FloatField()
    contraction = serializers.FloatField()
    churn = serializers.FloatField()
    closing = serializers.FloatField()


class KpisSerializer(serializers.Serializer[Any]):
    """The figures of a period."""

    period = serializers.CharField()
    opening = serializers.DateField()
    closing = serializers.DateField()
    currency = serializers.CharField()
    contracts_without_rate = serializers.IntegerField()
    target_period = serializers.CharField(
        help_text="Whose targets these are: 12m is held against the fiscal year that runs."
    )
    arr_target = KpiTargetSerializer(
        allow_null=True, help_text="Of ARR (amount) and customers (count) at the closing."
    )
    bridge = BridgeSerializer()
    kpis = KpiSerializer(many=True)


class KpisView(ApiView, APIView):
    """Figures of the organisation, computed over everything, for who reads contracts."""

    questions = ("period", "team", "segment")

    @extend_schema(
        operation_id="kpis_retrieve",
        parameters=[
            OpenApiParameter(
                "period",
                str,
                description="2026-11, FY2026, FY2026-H1, FY2026-Q3, or 12m (default).",
            ),
            OpenApiParameter("team", int, description="A team with the teams below it."),
            OpenApiParameter("segment", int, description="Accounts in a segment at the opening."),
        ],
        responses=KpisSerializer,
    )
    def get(self, request: Request) -> Response:
        """Answer with every KPI of a period."""
        if not may_read_reports(request.user):
            raise PermissionDenied
        question = question_of(
            code=request.GET.get("period", ROLLING),
            team=self._part("team", Team),
            segment=self._part("segment", Segment),
            at=self.at,
        )
        if question is None:
            raise NotAPeriod
        return Response(KpisSerializer(_shape(question)).data)

    def _part(self, name: str, model: Any) -> int | None:
        text = self.request.GET.get(name, "")
        if not text:
            return None
        is_id = text.isascii() and text.isdigit() and len(text) < 19
        if not is_id or not model.objects.filter(pk=int(text)).exists():
            raise UnknownPart(errors=[FieldError(f"/{name}", UnknownPart.title)])
        return int(text)


def _shape(question: Question) -> dict[str, Any]:
    numbers, wanted = numbers_of(question), wanted_by(question)
    return {
        "period": question.period.code,
        "opening": question.period.opening,
        "closing": question.closing,
        "currency": question.facts.currency,
        "contracts_without_rate": numbers.unrated,
        "target_period": wanted.period.code,
        "arr_target": _target(arr_verdicts(numbers, wanted)),
        "bridge": numbers.now.sums,
        "kpis": [_kpi(line) for line in lines_of(question, numbers, wanted)],
    }


def _kpi(line: Line) -> dict[str, Any]:
    figure, words = line.figure, line.words
    return {
        "key": line.key,
        "label": words.label,
        "definition": words.about,
        "rate_is": words.rated,
        "rate": figure.rate,
        "count": figure.count,
        "counted": words.counted,
        "amount": figure.amount,
        "amount_is": words.amount,
        "base": figure.base,
        "rate_before": line.before.rate,
        "working": line.working,
        "target": _target(line.verdicts),
    }


def _target(verdicts: Mapping[str, Verdict]) -> dict[str, Any] | None:
    if not verdicts:
        return None
    found: dict[str, Any] = {}
    for part in PARTS:
        verdict = verdicts.get(part)
        found[part] = verdict.wanted if verdict else None
        found[f"{part}_reached"] = verdict.is_reached if verdict else None
    return found
