"""The resource `todos`: what one side promised the other in talks, over all of them."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import ReadOnlyViewSet
from accounts.api.filters import TodoFilter
from accounts.api.permissions import TokenAllows
from accounts.api.relations import LinkField
from accounts.models import Contact, Touchpoint, TouchpointTodo, User
from accounts.services.todos import settle_todo
from config.lib.bodies import read_body


class TodoLineSerializer(serializers.ModelSerializer[TouchpointTodo]):
    """One to-do and the talk it comes from; null where the caller does not see that talk."""

    touchpoint = LinkField(queryset=Touchpoint.objects.all(), allow_null=True)
    user = LinkField(queryset=User.objects.all(), allow_null=True)
    contact = LinkField(queryset=Contact.objects.all(), allow_null=True)

    class Meta:
        model = TouchpointTodo
        fields = ("id", "touchpoint", "side", "text", "user", "contact", "due_on", "done_on")


class SettleSerializer(serializers.Serializer[Any]):
    """The day on which it was done; null opens it again."""

    done_on = serializers.DateField(allow_null=True)


class TodoViewSet(ReadOnlyViewSet):
    """To-dos of talks that stand, and whatever the caller is to do; a talk is changed for more."""

    queryset = TouchpointTodo.objects.all()
    serializer_class = TodoLineSerializer
    filterset_class = TodoFilter
    ordering_fields = ("id", "due_on", "done_on")
    ordering = "due_on"

    def with_parts(self, rows: Any) -> Any:
        return rows.standing()

    @extend_schema(request=SettleSerializer, responses=TodoLineSerializer)
    @action(
        detail=True,
        methods=["post"],
        permission_classes=(IsAuthenticated, TokenAllows),
        filter_backends=[],
        pagination_class=None,
    )
    def settle(self, request: Request, **kwargs: Any) -> Response:
        """Tick it off, with its copies at other accounts of the talk, or open it again."""
        row = self.get_object()
        talks = Touchpoint.objects.editable_by(self.me).filter(pk=row.touchpoint_id)
        if row.user_id != self.me.pk and not talks.exists():
            raise PermissionDenied
        done_on = read_body(SettleSerializer(data=request.data))["done_on"]
        settle_todo(todo=row, done_on=done_on, at=self.at, by=self.me)
        return Response(self.get_serializer(self.get_object()).data)
