"""The resource `validations`: what-ifs, back-tests and linkages, asked for and read."""

from typing import Any

from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import ReadOnlyViewSet
from accounts.models import IdempotencyKey
from accounts.querysets import steers
from config.lib.bodies import read_body, refuse_members
from config.lib.idempotency import IdempotencyMixin
from scoring.choices import ValidationKind
from scoring.models import Scorecard, ScorecardVersion, Validation
from scoring.selectors.backtest import HORIZON_DAYS, MONTHS
from scoring.selectors.validation_reports import report_for
from scoring.services.validations import (
    cancel_validation,
    newest_version,
    request_backtest,
    request_linkage,
    request_what_if,
)


class ValidationSerializer(serializers.ModelSerializer[Validation]):
    """What was asked for and how far it is."""

    scorecard = serializers.SlugRelatedField[Scorecard](
        slug_field="key", read_only=True, allow_null=True
    )
    version = serializers.IntegerField(source="version.number", read_only=True, allow_null=True)
    state = serializers.CharField(source="job.state", read_only=True)
    progress_done = serializers.IntegerField(source="job.progress_done", read_only=True)
    progress_total = serializers.IntegerField(source="job.progress_total", read_only=True)
    error = serializers.CharField(source="job.error", read_only=True)
    created_at = serializers.DateTimeField(source="job.created_at", read_only=True)
    done_at = serializers.DateTimeField(source="job.done_at", read_only=True, allow_null=True)

    class Meta:
        model = Validation
        fields: tuple[str, ...] = (
            "id",
            "kind",
            "scorecard",
            "version",
            "months",
            "horizon_days",
            "state",
            "progress_done",
            "progress_total",
            "error",
            "created_at",
            "done_at",
        )
        read_only_fields: tuple[str, ...] = fields


class ValidationReportSerializer(ValidationSerializer):
    """The same with the report, once it is done; accounts out of sight are left out of it."""

    report = serializers.SerializerMethodField()

    class Meta(ValidationSerializer.Meta):
        fields = (*ValidationSerializer.Meta.fields, "report")
        read_only_fields = fields

    @extend_schema_field({"type": ["object", "null"], "additionalProperties": True})
    def get_report(self, row: Validation) -> dict[str, Any] | None:
        """Return the report as the caller may see it."""
        return report_for(row, self.context["request"].user)


class ValidationOrderSerializer(serializers.Serializer[Any]):
    """What is to be tried. `definition` replaces that of the version for a what-if."""

    kind = serializers.ChoiceField(choices=ValidationKind.choices)
    scorecard = serializers.SlugRelatedField[Scorecard](
        slug_field="key", queryset=Scorecard.objects.all(), required=False
    )
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, required=False)
    definition = serializers.JSONField(required=False)
    months = serializers.IntegerField(min_value=1, max_value=60, default=MONTHS)
    horizon_days = serializers.IntegerField(min_value=30, max_value=365, default=HORIZON_DAYS)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Find the version that is meant."""
        if attrs["kind"] == ValidationKind.LINKAGE:
            return attrs
        scorecard: Scorecard | None = attrs.get("scorecard")
        if scorecard is None:
            required = serializers.Field.default_error_messages["required"]
            raise serializers.ValidationError({"scorecard": required})
        attrs["judged"] = _version(scorecard, attrs.get("version"))
        return attrs


def _version(scorecard: Scorecard, number: int | None) -> ScorecardVersion:
    if number is None:
        return newest_version(scorecard)
    found: ScorecardVersion | None = scorecard.versions.filter(number=number).first()
    if found is None:
        message = serializers.PrimaryKeyRelatedField.default_error_messages["does_not_exist"]
        raise serializers.ValidationError({"version": str(message).format(pk_value=number)})
    return found


class _Queues(ReadOnlyViewSet):
    """What is asked for once, whoever asks twice under one key."""

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        order = read_body(ValidationOrderSerializer(data=request.data))
        row = self._request(order)
        row = self.with_parts(Validation.objects.all()).get(pk=row.pk)
        return Response(self.get_serializer(row).data, status=status.HTTP_201_CREATED)

    def _request(self, data: dict[str, Any]) -> Validation:
        common: dict[str, Any] = {
            "at": self.at,
            "by": self.me,
            "language": (get_language() or "en")[:2],
        }
        span: dict[str, Any] = {"months": data["months"], "horizon_days": data["horizon_days"]}
        if data["kind"] == ValidationKind.LINKAGE:
            return request_linkage(**span, **common)
        if data["kind"] == ValidationKind.WHAT_IF:
            definition = data.get("definition")
            return request_what_if(version=data["judged"], definition=definition, **common)
        scorecard, version = data["scorecard"], data["judged"]
        return request_backtest(scorecard=scorecard, version=version, **span, **common)


@extend_schema_view(
    retrieve=extend_schema(responses=ValidationReportSerializer),
    create=extend_schema(
        request=ValidationOrderSerializer,
        responses={201: ValidationReportSerializer},
        description="Queue a what-if, a back-test or a linkage; poll it until `state` is done.",
    ),
)
class ValidationViewSet(IdempotencyMixin, _Queues):
    """What-ifs, back-tests and linkages; managers and administrators ask for them."""

    queryset = Validation.objects.all()
    serializer_class = ValidationSerializer
    idempotency_model = IdempotencyKey
    filterset_fields = ("kind", "scorecard__key")
    ordering_fields = ("id",)
    ordering = "-id"

    def with_parts(self, rows: Any) -> Any:
        rows = rows.select_related("job", "scorecard", "version")
        return rows if self.action == "retrieve" else rows.defer("job__result", "definition")

    def get_serializer_class(self) -> Any:
        """Lists go without reports."""
        return ValidationSerializer if self.action == "list" else ValidationReportSerializer

    @extend_schema(request=None, responses=ValidationReportSerializer)
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def cancel(self, request: Request, **kwargs: Any) -> Response:
        """Stop it: at once while it waits, else soon."""
        refuse_members(request)
        row = self.get_object()
        if not steers(request.user):
            raise PermissionDenied
        cancel_validation(validation=row, at=self.at)
        row.job.refresh_from_db()
        return Response(self.get_serializer(row).data)
