"""`/api/v1/accounts/<id>/map/`: the customer's people on a day, read only."""

import datetime as dt
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.base import ApiView
from accounts.api.queries import read_query
from accounts.api.schema import ProblemSerializer
from accounts.api.serializers.stakeholder_map import MapQuerySerializer, MapSerializer
from accounts.choices import RecordKind
from accounts.models import Account
from accounts.querysets import reach_of
from accounts.selectors.stakeholder_map import map_of
from config.lib.problem_details import CONTENT_TYPE


class StakeholderMapView(ApiView, APIView):
    """The map of one account whose people the caller may see; anything else does not exist."""

    questions = None

    @extend_schema(
        operation_id="accounts_map_retrieve",
        parameters=[OpenApiParameter("at", dt.date, description="A day; default today.")],
        responses={
            200: MapSerializer,
            (400, CONTENT_TYPE): OpenApiResponse(ProblemSerializer, description="Not a date."),
        },
    )
    def get(self, request: Request, pk: int) -> Response:
        """Answer with people, parts, lines, gaps and sponsors as they held on the day."""
        day = read_query(MapQuerySerializer, request).get("at")
        account: Any = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
        if not reach_of(request.user).covers(account, RecordKind.CONTACT):
            raise Http404
        found = map_of(account=account, user=request.user, at=self.at, day=day)
        return Response(MapSerializer(found).data)
