"""The resources `merges` and `duplicates`."""

from typing import Any

import django_filters as filters
from django.db.models import Case, OuterRef, Subquery, When
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from accounts.api.base import ApiView, RecordViewSet
from accounts.api.filters import IntegerFilter
from accounts.api.queries import read_query
from accounts.api.serializers.merges import (
    DismissalSerializer,
    DuplicateQuery,
    DuplicateSerializer,
    MergePreviewSerializer,
    MergeSerializer,
)
from accounts.choices import DuplicateReason, MergeKind
from accounts.models import Account, Contact, MergeRecord
from accounts.selectors.duplicates import duplicate_pairs
from accounts.selectors.merge_words import model_of
from accounts.services.merges.accounts import merge_accounts, preview_account_merge
from accounts.services.merges.contacts import merge_contacts, preview_contact_merge
from accounts.services.merges.duplicates import dismiss_duplicate
from accounts.services.merges.records import with_counts
from accounts.services.merges.undo import undo_merge
from config.lib.bodies import read_body, refuse_members
from config.lib.pagination import OnePage, one_page

PAIRS_SHOWN = 100


class MergeFilter(filters.FilterSet):
    source_id = IntegerFilter()
    target_id = IntegerFilter()

    class Meta:
        model = MergeRecord
        fields = {
            "kind": ["exact"],
            "undone_at": ["isnull"],
        }


class MergeViewSet(RecordViewSet):
    """Merges of accounts or contacts. POST merges; `preview` only says what would happen."""

    queryset = MergeRecord.objects.all()
    serializer_class = MergeSerializer
    filterset_class = MergeFilter
    ordering_fields = ("id", "merged_at")
    ordering = "-merged_at"
    http_method_names = ("get", "post", "head", "options")
    more_problems = frozenset({404})  # of the two records that are named

    def with_parts(self, rows: Any) -> Any:
        return with_counts(_with_seen_pair(rows, self.me))

    def make(self, data: dict[str, Any]) -> MergeRecord:
        pair = self._pair(data)
        merge: Any = merge_accounts if data["kind"] == MergeKind.ACCOUNT else merge_contacts
        record: MergeRecord = merge(**pair, keep=data.get("keep"), at=self.at, by=self.me)
        return record

    @extend_schema(request=MergeSerializer, responses=MergePreviewSerializer)
    @action(detail=False, methods=["post"], filter_backends=[], pagination_class=None)
    def preview(self, request: Request, **kwargs: Any) -> Response:
        """Say what a merge would do, without doing it."""
        data = read_body(MergeSerializer(data=request.data))
        pair = self._pair(data)
        is_account = data["kind"] == MergeKind.ACCOUNT
        preview: Any = preview_account_merge if is_account else preview_contact_merge
        shown = preview(**pair, keep=data.get("keep"), at=self.at)
        return Response(MergePreviewSerializer(shown).data)

    @extend_schema(request=None, responses=MergeSerializer)
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def undo(self, request: Request, **kwargs: Any) -> Response:
        """Make two records of one again; 409 names what was changed since."""
        refuse_members(request)
        record = undo_merge(record=self.get_object(), at=self.at, by=self.me)
        return Response(self._shown(record))

    def _pair(self, data: dict[str, Any]) -> dict[str, Any]:
        members = {"source": "source_id", "into": "target_id"}
        return {role: _named(data, member, user=self.me) for role, member in members.items()}


def _named(data: dict[str, Any], member: str, *, user: Any) -> Any:
    """Return the record a member names, if the caller sees and may change it."""
    model = model_of(data["kind"])
    row = get_object_or_404(model.objects.visible_to(user), pk=data[member])
    if not model.objects.editable_by(user).filter(pk=row.pk).exists():
        raise PermissionDenied
    return row


def _with_seen_pair(rows: Any, user: Any) -> Any:
    """Annotate `seen_source` and `seen_into`: which of the two records the caller sees."""
    seen = {}
    for name, column in (("seen_source", "source_id"), ("seen_into", "target_id")):
        found: list[Any] = []
        for kind, model in ((MergeKind.ACCOUNT, Account), (MergeKind.CONTACT, Contact)):
            visible: Any = model.objects
            number = visible.visible_to(user).filter(pk=OuterRef(column)).values("pk")[:1]
            found.append(When(kind=kind, then=Subquery(number)))
        seen[name] = Case(*found)
    return rows.annotate(**seen)


class DuplicateView(ApiView, APIView):
    """Pairs of records that may be one; POST says that two are two."""

    more_problems = frozenset({404})
    pagination_class = OnePage
    questions = None

    @extend_schema(
        operation_id="duplicates_list",
        parameters=[
            OpenApiParameter("kind", str, enum=MergeKind.values),
            OpenApiParameter("reason", str, enum=DuplicateReason.values),
            OpenApiParameter(
                "after",
                {"type": "string", "pattern": r"^\d{1,18}-\d{1,18}$"},
                description="`one-other` of the last pair seen.",
            ),
        ],
        responses=DuplicateSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Return up to 100 pairs in the order of their ids."""
        asked = read_query(DuplicateQuery, request)
        low, _dash, high = asked["after"].partition("-")
        pairs = duplicate_pairs(
            kind=MergeKind(asked["kind"]),
            user=self.me,
            reason=asked["reason"],
            after=(int(low), int(high)) if low else (0, 0),
            size=PAIRS_SHOWN + 1,
        )
        page, following = pairs[:PAIRS_SHOWN], None
        if len(pairs) > PAIRS_SHOWN:
            here = request.build_absolute_uri()
            following = replace_query_param(here, "after", page[-1].pk)
        return one_page(DuplicateSerializer(page, many=True).data, following=following)

    @extend_schema(
        operation_id="duplicates_dismiss",
        request=DismissalSerializer,
        responses={204: None},
    )
    def post(self, request: Request) -> Response:
        """Note that two records are two; the pair is not listed again."""
        data = read_body(DismissalSerializer(data=request.data))
        for member in ("one", "other"):
            _named(data, member, user=self.me)
        dismiss_duplicate(**data, at=self.at, by=self.me)
        return Response(status=status.HTTP_204_NO_CONTENT)
