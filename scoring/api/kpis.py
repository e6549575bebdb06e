"""`/api/v1/kpis/`: the figures of a period, with their definitions."""

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
from scoring.domain.periods import ROLLING
from scoring.querysets import may_read_reports
from scoring.selectors.reports import Line, Question, lines_of, numbers_of, question_of


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


class KpiSerializer(serializers.Serializer[Any]):
    """One KPI: shares from 0 to 1, amounts in the reporting currency."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    definition = serializers.CharField()
    rate = serializers.FloatField(allow_null=True)
    count = serializers.IntegerField()
    counted = serializers.CharField()
    amount = serializers.FloatField(allow_null=True)
    amount_is = serializers.CharField()
    base = serializers.FloatField()
    rate_before = serializers.FloatField(allow_null=True)


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
    bridge = BridgeSerializer()
    kpis = KpiSerializer(many=True)


class KpisView(ApiView, APIView):
    """Figures of the organisation, computed over everything, for who reads contracts."""

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
    numbers = numbers_of(question)
    return {
        "period": question.period.code,
        "opening": question.period.opening,
        "closing": question.closing,
        "currency": question.facts.currency,
        "contracts_without_rate": numbers.unrated,
        "bridge": numbers.now.sums,
        "kpis": [_kpi(line) for line in lines_of(question, numbers)],
    }


def _kpi(line: Line) -> dict[str, Any]:
    figure, words = line.figure, line.words
    return {
        "key": line.key,
        "label": words.label,
        "definition": words.about,
        "rate": figure.rate,
        "count": figure.count,
        "counted": words.counted,
        "amount": figure.amount,
        "amount_is": words.amount,
        "base": figure.base,
        "rate_before": line.before.rate,
    }
