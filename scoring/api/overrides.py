"""`/api/v1/accounts/<id>/health/override/` and the resource `score-feedback`."""

from typing import Any, ClassVar

from django.db import transaction
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import RecordViewSet
from accounts.api.relations import LinkField
from accounts.choices import RecordKind
from accounts.models import Account
from config.lib.bodies import read_body, refuse_members
from config.lib.etags import etag
from config.lib.problems import PreconditionFailed
from scoring.api.filters import FeedbackFilter
from scoring.api.views import HealthApiView
from scoring.choices import Band, OverrideKind
from scoring.models import HealthOverride, ScoreFeedback
from scoring.selectors.overrides import standing_override
from scoring.services.feedback import object_to_score, retract_feedback
from scoring.services.overrides import LONGEST_REASON, end_override, set_override


class StandingOverrideSerializer(serializers.ModelSerializer[HealthOverride]):
    """A correction that acts now; `computed` is what the run said when it was set."""

    kind = serializers.ChoiceField(OverrideKind.choices)
    value = serializers.FloatField(min_value=0, max_value=100, allow_null=True, required=False)
    band = serializers.ChoiceField(Band.choices, required=False, allow_blank=True)
    reason = serializers.CharField(max_length=LONGEST_REASON)
    expires_at = serializers.DateTimeField(
        required=False, help_text="30 days from now unless given, at most 90."
    )

    class Meta:
        model = HealthOverride
        fields = (
            "id", "kind", "value", "band", "reason", "author", "starts_at", "expires_at", "computed"
        )  # fmt: skip
        read_only_fields = ("author", "starts_at", "computed")


_ETAG = OpenApiParameter(
    "ETag", str, OpenApiParameter.HEADER, response=[200, 201],
    description="The version of the override this answer shows, for If-Match.",
)  # fmt: skip
_IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER,
    description="The ETag the change is based on; 412 when another override acts by now.",
)  # fmt: skip


class OverrideView(HealthApiView):
    """The override that acts on one account: read it, set it in place of any other, end it."""

    queryset = HealthOverride.objects.all()
    more_problems = frozenset({412})

    @extend_schema(
        operation_id="accounts_health_override_retrieve",
        parameters=[_ETAG],
        responses=StandingOverrideSerializer,
    )
    def get(self, request: Request, pk: int) -> Response:
        """Answer with the override that acts now; 404 where none does."""
        return self._answer(self._standing(self.account(pk)))

    @extend_schema(
        operation_id="accounts_health_override_update",
        parameters=[_ETAG, _IF_MATCH],
        request=StandingOverrideSerializer,
        responses={200: StandingOverrideSerializer, 201: StandingOverrideSerializer},
    )
    @transaction.atomic
    def put(self, request: Request, pk: int) -> Response:
        """Set an override; 201 where none acted before."""
        account = self._account_to_judge(pk)
        body = read_body(StandingOverrideSerializer(data=request.data))
        standing = self._compare(account)
        row = set_override(account=account, by=self.me, at=self.at, **body)
        return self._answer(row, made=standing is None)

    @extend_schema(
        operation_id="accounts_health_override_destroy",
        parameters=[_IF_MATCH],
        responses={204: None},
    )
    @transaction.atomic
    def delete(self, request: Request, pk: int) -> Response:
        """End the override; the computed score shows again within seconds."""
        account = self._account_to_judge(pk)
        refuse_members(request)
        standing = self._compare(account)
        if standing is None:
            raise Http404
        end_override(override=standing, by=self.me, at=self.at)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _account_to_judge(self, pk: int) -> Account:
        account = self.account(pk)
        accounts = Account.objects.open_for(self.request.user, RecordKind.HEALTH)
        if not accounts.filter(pk=pk).exists():
            raise PermissionDenied
        return account

    def _standing(self, account: Account) -> HealthOverride:
        standing = standing_override(account.pk, at=self.at)
        if standing is None:
            raise Http404
        return standing

    def _compare(self, account: Account) -> HealthOverride | None:
        """Return what acts now.

        :raises PreconditionFailed: when it is not what `If-Match` names.
        """
        standing = standing_override(account.pk, at=self.at)
        expected = self.request.headers.get("If-Match", "").strip()
        if not expected:
            return standing
        tag = "" if standing is None else etag(standing, lock=True)
        named = {name.strip() for name in expected.split(",")}
        if not tag or ("*" not in named and tag not in named):
            raise PreconditionFailed
        return standing

    def _answer(self, row: HealthOverride, *, made: bool = False) -> Response:
        code = status.HTTP_201_CREATED if made else status.HTTP_200_OK
        answer = Response(StandingOverrideSerializer(row).data, status=code)
        answer["ETag"] = etag(row)
        return answer


class FeedbackSerializer(serializers.ModelSerializer[ScoreFeedback]):
    """Somebody holds the newest score of an account for wrong; it counts as a false alarm."""

    account = LinkField(queryset=Account.objects.all(), writes=RecordKind.HEALTH)
    scorecard = serializers.CharField(
        source="version.scorecard.key", read_only=True, allow_null=True, default=None
    )
    version = serializers.IntegerField(
        source="version.number", read_only=True, allow_null=True, default=None
    )
    metric = serializers.CharField(max_length=80, required=False, allow_blank=True)
    reason = serializers.CharField(max_length=LONGEST_REASON)

    class Meta:
        model = ScoreFeedback
        fields = (
            "id", "account", "day", "score", "band", "scorecard", "version", "direction", "metric",
            "reason", "author", "created_at",
        )  # fmt: skip
        read_only_fields = ("day", "score", "band", "author", "created_at")


class FeedbackViewSet(RecordViewSet):
    """What people say of scores. `POST` objects to the newest one, `DELETE` takes that back."""

    queryset = ScoreFeedback.objects.filter(retracted_at=None)
    serializer_class = FeedbackSerializer
    filterset_class = FeedbackFilter
    ordering_fields = ("id", "created_at", "day")
    ordering = "-created_at"
    search_columns: ClassVar[tuple[str, ...]] = ("account__search_text",)
    http_method_names: Any = ("get", "post", "delete", "head", "options")

    def with_parts(self, rows: Any) -> Any:
        return rows.select_related("version__scorecard")

    def make(self, data: dict[str, Any]) -> ScoreFeedback:
        return object_to_score(by=self.me, at=self.at, **data)

    def remove(self, row: ScoreFeedback) -> None:
        retract_feedback(feedback=row, by=self.me, at=self.at)
