"""`touchpoint-types` and `minutes-templates`: everybody reads them, administrators write them."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.keyed import GrowingViewSet, OriginalMixin
from accounts.api.serializers.talk_settings import (
    MinutesTemplateSerializer,
    MoveSerializer,
    TouchpointTypeSerializer,
)
from accounts.models import MinutesTemplate, TouchpointType
from accounts.selectors.minutes import Template, minutes_templates
from accounts.selectors.touchpoint_types import TalkType, read_touchpoint_types
from accounts.services.minutes import PLAIN, drop_minutes_template, write_minutes_template
from accounts.services.touchpoint_types import (
    archive_touchpoint_type,
    move_touchpoint_type,
    restore_touchpoint_type,
    write_touchpoint_type,
)
from config.lib.bodies import read_body, refuse_members
from config.lib.pagination import one_page
from config.lib.problems import Conflict


class ShippedStays(Conflict):
    """What is shipped can be left unused, not removed."""

    code = "shipped_stays"
    title = _("A shipped template can't be removed. Hide it, or go back to its original.")


class TouchpointTypeViewSet(OriginalMixin, GrowingViewSet):
    """The types of talks in their order, archived ones last. The key of a new one comes from its
    English name; talks keep theirs, so types are archived, never removed."""

    queryset = TouchpointType.objects.all()
    serializer_class = TouchpointTypeSerializer

    def rows(self) -> Sequence[TalkType]:
        return read_touchpoint_types()

    @transaction.atomic
    def make(self, data: dict[str, Any]) -> str:
        archived = data.pop("is_archived", False)
        key = write_touchpoint_type(by=self.me, at=self.at, **data).key
        if archived:
            archive_touchpoint_type(key=key, at=self.at, by=self.me)
        return key

    def change(self, row: TalkType, data: dict[str, Any]) -> None:
        archived = data.pop("is_archived", row.is_archived)
        if data:
            write_touchpoint_type(key=row.key, by=self.me, at=self.at, **data)
        archive_touchpoint_type(key=row.key, archived=archived, at=self.at, by=self.me)

    def restore(self, row: TalkType) -> None:
        restore_touchpoint_type(key=row.key, at=self.at, by=self.me)

    @extend_schema(request=MoveSerializer, responses=TouchpointTypeSerializer(many=True))
    @action(detail=True, methods=["post"])
    @transaction.atomic
    def move(self, request: Request, key: str) -> Response:
        """Let a type in use change places with its neighbour; at the end it stays."""
        asked = read_body(MoveSerializer(data=request.data))
        self.hold(key)
        move_touchpoint_type(key=key, at=self.at, by=self.me, **asked)
        return one_page(self.get_serializer(self.rows(), many=True).data)


class MinutesTemplateViewSet(OriginalMixin, GrowingViewSet):
    """Templates for minutes, those not offered too. A change of a shipped one stands in its place;
    `DELETE` removes one of the organisation's own."""

    queryset = MinutesTemplate.objects.all()
    serializer_class = MinutesTemplateSerializer

    def rows(self) -> Sequence[Template]:
        return minutes_templates()

    def make(self, data: dict[str, Any]) -> str:
        return write_minutes_template(by=self.me, at=self.at, **data).key

    def change(self, row: Template, data: dict[str, Any]) -> None:
        if data:
            kept = {name: value for name, value in asdict(row).items() if name in PLAIN}
            write_minutes_template(key=row.key, by=self.me, at=self.at, **kept | data)

    @transaction.atomic
    def destroy(self, request: Request, key: str) -> Response:
        """Remove one of the organisation's own."""
        refuse_members(request)
        if self.hold(key).is_shipped:
            raise ShippedStays
        drop_minutes_template(key=key, at=self.at, by=self.me)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def restore(self, row: Template) -> None:
        drop_minutes_template(key=row.key, at=self.at, by=self.me)
