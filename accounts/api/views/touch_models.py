"""The resource `touch-models`: three of them, so there are no pages and no searches."""

import datetime as dt
from dataclasses import asdict
from typing import Any, ClassVar

from django.db import transaction
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.base import ApiView
from accounts.api.queries import read_query
from accounts.api.serializers.touch_models import TouchModelQuerySerializer, TouchModelSerializer
from accounts.choices import TokenScope, TouchModel
from accounts.domain.expectations import Expectation
from accounts.models import Organisation, TouchExpectation
from accounts.selectors.expectations import expectations_on
from accounts.services.expectations import ONE_DAY, hold_expectations, set_expectation
from config.lib.bodies import read_body
from config.lib.etags import content_tag, refuse_stale
from config.lib.pagination import OnePage, one_page

_KEY = OpenApiParameter("key", str, OpenApiParameter.PATH, enum=TouchModel.values)
_ON = OpenApiParameter("on", dt.date, description="A day; default today.")
_ETAG = OpenApiParameter(
    "ETag", str, OpenApiParameter.HEADER, response=[200],
    description="The version a change is based on, for If-Match.",
)  # fmt: skip
_IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER,
    description="The ETag the change is based on; 412 when another was agreed on meanwhile.",
)  # fmt: skip


class TouchModelApiView(ApiView, APIView):
    """Everybody reads them, on any day; administrators change them from the next day on."""

    queryset = TouchExpectation.objects.all()
    write_scope: ClassVar[str] = TokenScope.ADMIN
    questions = None

    def day(self, request: Request) -> dt.date:
        """Return the day that was asked for."""
        asked: dt.date | None = read_query(TouchModelQuerySerializer, request).get("on")
        return asked or Organisation.objects.day_of(self.at)


class TouchModelsView(TouchModelApiView):
    pagination_class = OnePage

    @extend_schema(
        operation_id="touch_models_list",
        parameters=[_ON],
        responses=TouchModelSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Return what each touch model asks on a day, today unless given."""
        day = self.day(request)
        found = expectations_on(day)
        rows = [_shape(model, found[model], day) for model in TouchModel.values]
        return one_page(TouchModelSerializer(rows, many=True).data)


class TouchModelView(TouchModelApiView):
    more_problems = frozenset({412})

    @extend_schema(
        operation_id="touch_models_retrieve",
        parameters=[_KEY, _ON, _ETAG],
        responses=TouchModelSerializer,
    )
    def get(self, request: Request, key: str) -> Response:
        """Return what a touch model asks on a day, today unless given."""
        day = self.day(request)
        return self._answer(_known(key), expectations_on(day)[key], day)

    @extend_schema(
        operation_id="touch_models_partial_update",
        parameters=[_KEY, _ETAG, _IF_MATCH],
        request=TouchModelSerializer(partial=True),
        responses=TouchModelSerializer,
    )
    @transaction.atomic
    def patch(self, request: Request, key: str) -> Response:
        """Change what a touch model asks from tomorrow on; today keeps its numbers."""
        model = _known(key)
        body = read_body(TouchModelSerializer(data=request.data, partial=True))
        hold_expectations()
        before = expectations_on(self._tomorrow())[model]
        refuse_stale(request, _tag(model, before))
        wanted = Expectation(**(asdict(before) | body))
        if wanted != before:
            set_expectation(touch_model=model, by=self.me, at=self.at, **asdict(wanted))
        return self._answer(model, wanted, self._tomorrow(), wanted)

    def _tomorrow(self) -> dt.date:
        return Organisation.objects.day_of(self.at) + ONE_DAY

    def _answer(
        self, key: str, asked: Expectation, day: dt.date, ahead: Expectation | None = None
    ) -> Response:
        answer = Response(TouchModelSerializer(_shape(key, asked, day)).data)
        answer["ETag"] = _tag(key, ahead or expectations_on(self._tomorrow())[key])
        return answer


def _known(key: str) -> str:
    if key not in TouchModel.values:
        raise Http404
    return key


def _shape(key: str, asked: Expectation, day: dt.date) -> dict[str, Any]:
    return {"key": key, "on": day, **asdict(asked)}


def _tag(key: str, asked: Expectation) -> str:
    """Name the version by what it says: until it is changed there is no row."""
    return content_tag(key, asdict(asked))
