"""`inlets` and `inlet-deliveries`: where other systems send records, and what they sent."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.api.base import ApiView, ReadOnlyViewSet, RecordViewSet
from accounts.api.filters import InletDeliveryFilter, InletFilter
from accounts.api.serializers.inlets import InletDeliverySerializer, InletSerializer
from accounts.api.views.organisation import Administers
from accounts.choices import TokenScope
from accounts.models import Inlet, InletDelivery
from accounts.services.inlets.addresses import (
    Opened,
    change_inlet,
    create_inlet,
    revoke_inlet,
    rotate_inlet,
)
from accounts.services.inlets.opening import replay_delivery
from config.lib.bodies import refuse_members


class InletViewSet(RecordViewSet):
    """Addresses at which other systems post records; for administrators. `DELETE` revokes one at
    once; what it was sent stays. Making, changing and rotating ask a session once more who it
    is."""

    queryset = Inlet.objects.all()
    serializer_class = InletSerializer
    filterset_class = InletFilter
    permission_classes: Any = (*ApiView.permission_classes, Administers)
    write_scope = TokenScope.ADMIN
    ordering_fields = ("id", "name", "created_at")
    ordering = "-created_at"
    opened: Opened | None = None

    @property
    def asks_again(self) -> bool:  # type: ignore[override]
        """Let an inlet be revoked without delay, as on its page."""
        return bool(self.action != "destroy")

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make an inlet and tell its address and secret; repeated under one `Idempotency-Key`,
        they are not told again."""
        answer = super().create(request, *args, **kwargs)
        if self.opened:
            answer.data |= self._told(self.opened)
        return answer

    def make(self, data: dict[str, Any]) -> Inlet:
        self.opened = create_inlet(by=self.me, **data)
        return self.opened.inlet

    def change(self, row: Inlet, data: dict[str, Any]) -> Inlet:
        return change_inlet(inlet=row, changes=data, by=self.me)

    def remove(self, row: Inlet) -> None:
        revoke_inlet(inlet=row, at=self.at, by=self.me)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def rotate(self, request: Request, **kwargs: Any) -> Response:
        """Give an inlet another address and secret and tell them; at the old one there is nothing
        any more."""
        refuse_members(request)
        opened = rotate_inlet(inlet=self.get_object(), by=self.me)
        return Response({**self._shown(opened.inlet), **self._told(opened)})

    def _told(self, opened: Opened) -> dict[str, str]:
        address = reverse("accounts:inlet_door", args=[opened.key], request=self.request)
        return {"address": address, "secret": opened.secret}


class InletDeliveryViewSet(ReadOnlyViewSet):
    """What was posted to inlets, for administrators, and what became of it; never the body."""

    queryset = InletDelivery.objects.all()
    serializer_class = InletDeliverySerializer
    filterset_class = InletDeliveryFilter
    permission_classes: Any = (*ApiView.permission_classes, Administers)
    write_scope = TokenScope.ADMIN
    ordering_fields = ("id", "received_at")
    ordering = "-id"

    def with_parts(self, rows: Any) -> Any:
        return rows.with_run()

    @extend_schema(request=None, responses={200: InletDeliverySerializer})
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def replay(self, request: Request, **kwargs: Any) -> Response:
        """Take in once more what was sent, as the inlet reads it now: 409 while it is under way
        and once the body is gone."""
        refuse_members(request)
        replay_delivery(delivery=self.get_object(), by=self.me)
        return Response(self.get_serializer(self.get_object()).data)
