"""`organisation` and `access-policies`: for administrators, as their pages are."""

from dataclasses import asdict
from typing import Any, ClassVar

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.base import ApiView
from accounts.api.serializers.organisation import AccessPolicySerializer, OrganisationSerializer
from accounts.choices import RecordKind, Scope, TokenScope, UserRole
from accounts.models import Organisation
from accounts.querysets import administers
from accounts.selectors.policies import Policy, policies, policy_of
from accounts.services.organisation import set_access_policy, update_organisation
from config.lib.bodies import read_body
from config.lib.etags import content_tag, etag, refuse_stale
from config.lib.pagination import OnePage, one_page

_ROLE = OpenApiParameter("role", str, OpenApiParameter.PATH, enum=UserRole.values)
_KIND = OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=RecordKind.values)
_ETAG = OpenApiParameter(
    "ETag", str, OpenApiParameter.HEADER, response=[200],
    description="The version this answer shows, for If-Match.",
)  # fmt: skip
_IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER,
    description="The ETag the change is based on; 412 when it is another by now.",
)  # fmt: skip


class Administers(BasePermission):
    """Only administrators open the pages of these."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return administers(request.user)


class HouseView(ApiView, APIView):
    """What administrators decide for everybody."""

    permission_classes: Any = (*ApiView.permission_classes, Administers)
    write_scope: ClassVar[str] = TokenScope.ADMIN


class OrganisationView(HouseView):
    more_problems = frozenset({404, 412})  # there is none before the set-up

    @extend_schema(
        operation_id="organisation_retrieve", parameters=[_ETAG], responses=OrganisationSerializer
    )
    def get(self, request: Request) -> Response:
        """Return the organisation."""
        return self._answer(get_object_or_404(Organisation))

    @extend_schema(
        operation_id="organisation_partial_update",
        parameters=[_ETAG, _IF_MATCH],
        request=OrganisationSerializer(partial=True),
        responses=OrganisationSerializer,
    )
    @transaction.atomic
    def patch(self, request: Request) -> Response:
        """Change the members that are given; days, figures and segments follow from tomorrow."""
        body = read_body(OrganisationSerializer(data=request.data, partial=True))
        refuse_stale(request, etag(get_object_or_404(Organisation), lock=True))
        return self._answer(update_organisation(changes=body, by=self.me))

    def _answer(self, row: Organisation) -> Response:
        answer = Response(OrganisationSerializer(row).data)
        answer["ETag"] = etag(row)
        return answer


class AccessPoliciesView(HouseView):
    pagination_class = OnePage

    @extend_schema(operation_id="access_policies_list", responses=AccessPolicySerializer(many=True))
    def get(self, request: Request) -> Response:
        """Return how far every role reaches with every kind of record."""
        return one_page(AccessPolicySerializer(policies(), many=True).data)


class AccessPolicyView(HouseView):
    more_problems = frozenset({412})

    @extend_schema(
        operation_id="access_policies_retrieve",
        parameters=[_ROLE, _KIND, _ETAG],
        responses=AccessPolicySerializer,
    )
    def get(self, request: Request, role: str, kind: str) -> Response:
        """Return how far a role reaches with a kind of record."""
        return _answer(_known(role, kind))

    @extend_schema(
        operation_id="access_policies_partial_update",
        parameters=[_ROLE, _KIND, _ETAG, _IF_MATCH],
        request=AccessPolicySerializer(partial=True),
        responses=AccessPolicySerializer,
    )
    @transaction.atomic
    def patch(self, request: Request, role: str, kind: str) -> Response:
        """Say how far a role reaches; it acts on everybody's next request."""
        body = read_body(AccessPolicySerializer(data=request.data, partial=True))
        Organisation.objects.take_turn()
        before = _known(role, kind)
        refuse_stale(request, _tag(before))
        wanted = asdict(before) | body
        if wanted != asdict(before):
            set_access_policy(
                role=UserRole(role),
                kind=RecordKind(kind),
                read_scope=Scope(wanted["read_scope"]),
                write_scope=Scope(wanted["write_scope"]),
                by=self.me,
            )
        return _answer(policy_of(role, kind))


def _known(role: str, kind: str) -> Policy:
    if role not in UserRole.values or kind not in RecordKind.values:
        raise Http404
    return policy_of(role, kind)


def _tag(policy: Policy) -> str:
    return content_tag(policy)


def _answer(policy: Policy) -> Response:
    answer = Response(AccessPolicySerializer(policy).data)
    answer["ETag"] = _tag(policy)
    return answer
