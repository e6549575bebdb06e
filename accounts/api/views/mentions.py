"""The resource `mentions`: where the caller was named in a talk with `@`."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import ReadOnlyViewSet
from accounts.api.filters import MentionFilter
from accounts.api.permissions import TokenAllows
from accounts.models import TouchpointMention
from accounts.services.mentions import see_mention
from config.lib.bodies import refuse_members


class MentionSerializer(serializers.ModelSerializer[TouchpointMention]):
    """That somebody named the caller in a talk, and when the caller saw it."""

    class Meta:
        model = TouchpointMention
        fields = ("id", "touchpoint", "recorded_at", "seen_at")
        read_only_fields = fields


class MentionViewSet(ReadOnlyViewSet):
    """The caller's own, in talks whose text they may read, the newest first."""

    queryset = TouchpointMention.objects.all()
    serializer_class = MentionSerializer
    filterset_class = MentionFilter
    ordering_fields = ("id", "recorded_at")
    ordering = "-recorded_at"

    @extend_schema(request=None)
    @action(
        detail=True,
        methods=["post"],
        permission_classes=(IsAuthenticated, TokenAllows),
        filter_backends=[],
        pagination_class=None,
    )
    def seen(self, request: Request, **kwargs: Any) -> Response:
        """Note that it was seen, with those of the same talk at other accounts; twice is once."""
        refuse_members(request)
        row = self.get_object()
        see_mention(mention=row, at=self.at)
        row.refresh_from_db()
        return Response(self.get_serializer(row).data)
