"""The resources `scorecards` and `scorecard-versions`: how customers are judged, and each wording.

A fault of a definition is named by its place in the body: `/definition/dimensions/0/weight`.
"""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import RecordViewSet
from accounts.api.relations import LinkField
from accounts.models import Organisation, Segment
from config.lib.bodies import read_body
from config.lib.problems import FieldError
from scoring.api.filters import ScorecardFilter, ScorecardVersionFilter
from scoring.api.thresholds import (
    ThresholdQuestionSerializer,
    ThresholdSerializer,
    ThresholdTakingSerializer,
    told_threshold,
)
from scoring.models import Scorecard, ScorecardVersion
from scoring.selectors.scorecards import acting_scorecards
from scoring.selectors.thresholds import Asked
from scoring.services.scorecard_faults import InvalidScorecard, check_definition
from scoring.services.scorecard_versions import (
    promote_pilot,
    publish_version,
    reject_version,
    revert_to,
    submit_for_review,
    withdraw_pilot,
)
from scoring.services.scorecards import (
    archive_scorecard,
    change_draft,
    change_scorecard,
    create_scorecard,
    discard_draft,
    draft_version,
    order_scorecards,
)
from scoring.services.thresholds import ask_threshold, take_threshold

_STAYS = _("It stays as it is.")
_ON_ITS_OWN = _("Write another wording as a draft among scorecard-versions.")
LONGEST_NOTE = 2_000
MOST_SCORECARDS = 500


@extend_schema_field({"type": "object", "additionalProperties": True})
class DefinitionField(serializers.JSONField):
    """A definition as the caller wrote it, once it can be read."""

    def to_internal_value(self, data: Any) -> Any:
        """Return what was given.

        :raises InvalidScorecard: with every fault, by its place in the body.
        """
        try:
            check_definition(definition=data)
        except InvalidScorecard as error:
            raise InvalidScorecard(
                errors=[
                    FieldError(f"/{self.field_name}{e.pointer}", e.detail) for e in error.errors
                ]
            ) from error
        return data


class ScorecardSerializer(serializers.ModelSerializer[Scorecard]):
    """A way to judge accounts: the first by `position` whose `condition` holds is taken.

    `definition` is the first draft of a new one; later wordings are `scorecard-versions`.
    `acting_version` is what judges today, `pilot_version` what judges its pilot segment.
    """

    key = serializers.SlugField(max_length=60)
    condition = serializers.DictField(
        child=serializers.JSONField(),
        help_text="tracked, phase, touch_model, tier, kind, segment; all of them have to hold.",
    )
    definition = DefinitionField(write_only=True, required=False)
    acting_version = serializers.SerializerMethodField()
    pilot_version = serializers.SerializerMethodField()

    class Meta:
        model = Scorecard
        validators = ()
        fields = (
            "id",
            "key",
            "name_en",
            "name_ja",
            "condition",
            "definition",
            "position",
            "is_default",
            "is_shipped",
            "acting_version",
            "pilot_version",
            "archived_at",
        )
        read_only_fields = ("position", "is_default", "is_shipped", "archived_at")

    def get_acting_version(self, card: Scorecard) -> int | None:
        """Return the number of the version that judges today."""
        return self._acting().get((card.key, False))

    def get_pilot_version(self, card: Scorecard) -> int | None:
        """Return the number of the version that judges its pilot segment today."""
        return self._acting().get((card.key, True))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A new scorecard comes with a definition, one that is there keeps key and wordings."""
        if self.instance is None and "definition" not in attrs:
            required = serializers.Field.default_error_messages["required"]
            raise serializers.ValidationError({"definition": required})
        if self.instance is not None and "definition" in attrs:
            raise serializers.ValidationError({"definition": _ON_ITS_OWN})
        if self.instance is not None and attrs.pop("key", self.instance.key) != self.instance.key:
            raise serializers.ValidationError({"key": _STAYS})
        return attrs

    def _acting(self) -> dict[tuple[str, bool], int]:
        context: Any = self.context
        if "acting" not in context:
            cards = acting_scorecards(Organisation.objects.day_of(context["view"].at))
            context["acting"] = {(card.key, card.is_pilot): card.number for card in cards}
        acting: dict[tuple[str, bool], int] = context["acting"]
        return acting


class OrderSerializer(serializers.Serializer[Any]):
    """The keys of all scorecards but the default, first tried first."""

    keys = serializers.ListField(
        child=serializers.SlugField(max_length=60), max_length=MOST_SCORECARDS
    )


class ScorecardViewSet(RecordViewSet):
    """Scorecards; read by who sees health, written by managers and administrators. `DELETE`
    archives one: what it judged goes to the next whose condition holds."""

    queryset = Scorecard.objects.all()
    serializer_class = ScorecardSerializer
    filterset_class = ScorecardFilter
    ordering_fields = ("id", "key", "position")
    ordering = "position"

    def make(self, data: dict[str, Any]) -> Scorecard:
        return create_scorecard(user=self.me, at=self.at, **data)

    def change(self, row: Scorecard, data: dict[str, Any]) -> Scorecard:
        if data:
            change_scorecard(scorecard=row, changes=data, at=self.at)
        return row

    def remove(self, row: Scorecard) -> None:
        archive_scorecard(scorecard=row, at=self.at)

    @extend_schema(request=OrderSerializer, responses=OrderSerializer)
    @action(detail=False, methods=["post"], filter_backends=[], pagination_class=None)
    def order(self, request: Request, **kwargs: Any) -> Response:
        """Say in which order accounts are tried against the scorecards; the default stays last."""
        body = read_body(OrderSerializer(data=request.data))
        order_scorecards(keys=body["keys"], at=self.at)
        return Response(body)


class ScorecardVersionSerializer(serializers.ModelSerializer[ScorecardVersion]):
    """A wording of a scorecard: a draft can be written anew, what is published stays."""

    scorecard = serializers.SlugRelatedField[Scorecard](
        slug_field="key", queryset=Scorecard.objects.filter(archived_at=None)
    )
    definition = DefinitionField()
    note = serializers.CharField(max_length=LONGEST_NOTE, required=False, allow_blank=True)
    reverts_to = serializers.IntegerField(
        source="reverts_to.number", read_only=True, allow_null=True, default=None
    )

    class Meta:
        model = ScorecardVersion
        validators = ()
        fields = (
            "id",
            "scorecard",
            "number",
            "state",
            "definition",
            "digest",
            "note",
            "author",
            "submitted_at",
            "submitted_by",
            "rejected_at",
            "rejection",
            "effective_on",
            "published_at",
            "published_by",
            "reverts_to",
            "pilot_segment",
            "promoted_on",
            "withdrawn_on",
            "created_at",
            "updated_at",
        )
        read_only_fields = tuple(
            name for name in fields if name not in ("scorecard", "definition", "note")
        )

    def validate_scorecard(self, scorecard: Scorecard) -> Scorecard:
        """A version stays with its scorecard."""
        if self.instance is not None and scorecard != self.instance.scorecard:
            raise serializers.ValidationError(_STAYS)
        return scorecard


class SubmissionSerializer(serializers.Serializer[Any]):
    """Why the version is wanted; without it the note stays."""

    note = serializers.CharField(max_length=LONGEST_NOTE, required=False, allow_blank=True)


class RejectionSerializer(serializers.Serializer[Any]):
    """Why the version goes back to its author."""

    reason = serializers.CharField(max_length=LONGEST_NOTE)


class PublicationSerializer(serializers.Serializer[Any]):
    """From which day it acts, today unless given; for one segment alone where one is given."""

    effective_on = serializers.DateField(required=False)
    segment = LinkField(queryset=Segment.objects.all(), required=False, allow_null=True)


class ReversalSerializer(serializers.Serializer[Any]):
    """From which day the old wording acts again, today unless given, and why."""

    effective_on = serializers.DateField(required=False)
    note = serializers.CharField(max_length=LONGEST_NOTE, required=False, allow_blank=True)


class PromotionSerializer(serializers.Serializer[Any]):
    """From which day the pilot acts for everybody, today unless given."""

    promoted_on = serializers.DateField(required=False)


class WithdrawalSerializer(serializers.Serializer[Any]):
    """From which day the pilot no longer acts, today unless given."""

    withdrawn_on = serializers.DateField(required=False)


_SHOWN = ScorecardVersionSerializer
_ANSWER = ThresholdSerializer


class ScorecardVersionViewSet(RecordViewSet):
    """Wordings of scorecards, from draft over review to published. `DELETE` discards a draft."""

    queryset = ScorecardVersion.objects.all()
    serializer_class = ScorecardVersionSerializer
    filterset_class = ScorecardVersionFilter
    ordering_fields = ("id", "number", "effective_on", "updated_at")
    ordering = "-id"

    def with_parts(self, rows: Any) -> Any:
        return rows.select_related("scorecard", "reverts_to")

    def make(self, data: dict[str, Any]) -> ScorecardVersion:
        return draft_version(user=self.me, at=self.at, **data)

    def change(self, row: ScorecardVersion, data: dict[str, Any]) -> ScorecardVersion:
        definition = data.get("definition", row.definition)
        change_draft(version=row, definition=definition, note=data.get("note"), at=self.at)
        return row

    def remove(self, row: ScorecardVersion) -> None:
        discard_draft(version=row)

    @extend_schema(request=SubmissionSerializer, responses=_SHOWN)
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def submit(self, request: Request, **kwargs: Any) -> Response:
        """Send a draft to review; it can't be changed meanwhile."""
        row, data = self._asked(SubmissionSerializer)
        submit_for_review(version=row, user=self.me, at=self.at, **data)
        return Response(self._shown(row))

    @extend_schema(request=RejectionSerializer, responses=_SHOWN)
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def reject(self, request: Request, **kwargs: Any) -> Response:
        """Give a version in review back to its author, as a draft."""
        row, data = self._asked(RejectionSerializer)
        reject_version(version=row, user=self.me, at=self.at, **data)
        return Response(self._shown(row))

    @extend_schema(request=PublicationSerializer, responses=_SHOWN)
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def publish(self, request: Request, **kwargs: Any) -> Response:
        """Let a version in review act; its author can't where somebody else could."""
        row, data = self._asked(PublicationSerializer)
        publish_version(
            version=row,
            effective_on=data.get("effective_on", self._today()),
            pilot_segment=data.get("segment"),
            user=self.me,
            at=self.at,
        )
        return Response(self._shown(row))

    @extend_schema(request=ReversalSerializer, responses={201: _SHOWN})
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def revert(self, request: Request, **kwargs: Any) -> Response:
        """Publish what this older version said as a new one, and answer with that."""
        row, data = self._asked(ReversalSerializer)
        data.setdefault("effective_on", self._today())
        again = revert_to(version=row, user=self.me, at=self.at, **data)
        return Response(self._shown(again), status=status.HTTP_201_CREATED)

    @extend_schema(request=PromotionSerializer, responses=_SHOWN)
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def promote(self, request: Request, **kwargs: Any) -> Response:
        """Let a pilot act for everybody its scorecard is for."""
        row, data = self._asked(PromotionSerializer)
        promote_pilot(version=row, on=data.get("promoted_on", self._today()), at=self.at)
        return Response(self._shown(row))

    @extend_schema(request=WithdrawalSerializer, responses=_SHOWN)
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def withdraw(self, request: Request, **kwargs: Any) -> Response:
        """End a pilot; the version before it judges the segment again."""
        row, data = self._asked(WithdrawalSerializer)
        withdraw_pilot(version=row, on=data.get("withdrawn_on", self._today()), at=self.at)
        return Response(self._shown(row))

    @extend_schema(request=ThresholdQuestionSerializer, responses=_ANSWER)
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def threshold(self, request: Request, **kwargs: Any) -> Response:
        """Propose a bound that fits the teams, from today's scores; nothing is changed."""
        row, data = self._asked(ThresholdQuestionSerializer)
        answer = ask_threshold(version=row, asked=Asked(**data), at=self.at)
        return Response(told_threshold(answer))

    @extend_schema(request=ThresholdTakingSerializer, responses=_SHOWN)
    @action(
        detail=True,
        methods=["post"],
        url_path="threshold/take",
        filter_backends=[],
        pagination_class=None,
    )
    def take_threshold(self, request: Request, **kwargs: Any) -> Response:
        """Write the bound that was proposed into a draft; it acts once that is published."""
        row, data = self._asked(ThresholdTakingSerializer)
        bound = data.pop("proposed")
        take_threshold(version=row, asked=Asked(**data), bound=bound, at=self.at)
        return Response(self._shown(row))

    def _asked(self, shape: type[serializers.Serializer[Any]]) -> tuple[ScorecardVersion, Any]:
        row = self.get_object()
        body = read_body(shape(data=self.request.data, context=self.get_serializer_context()))
        return row, body

    def _today(self) -> dt.date:
        return Organisation.objects.day_of(self.at)
