"""The resources `contacts`, `stakeholders` and `relations`."""

from typing import Any

from django.db.models import Prefetch, Q
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import RecordViewSet, Restores
from accounts.api.filters import ContactFilter, RelationFilter, StakeholderFilter
from accounts.api.serializers.people import (
    ConfirmationSerializer,
    ContactMoveSerializer,
    ContactSerializer,
    RelationSerializer,
    StakeholderSerializer,
    StandingChangeSerializer,
)
from accounts.models import (
    Contact,
    ContactStanding,
    Organisation,
    StakeholderRelation,
    StakeholderRole,
)
from accounts.querysets import numbered
from accounts.services.contact_moves import NAMES, move_contact
from accounts.services.contact_undo import restore_contact
from accounts.services.contacts import archive_contact, create_contact, update_contact
from accounts.services.stakeholders import (
    assign_role,
    change_relation,
    change_role,
    confirm_role,
    end_relation,
    end_role,
    relate,
    set_standing,
)
from config.lib.bodies import read_body


class ContactViewSet(Restores, RecordViewSet):
    """The customer's people. `DELETE` archives."""

    queryset = Contact.objects.all()
    serializer_class = ContactSerializer
    filterset_class = ContactFilter
    search_columns = ("search_text",)
    ordering_fields = ("id", "family_kana", "created_at", "updated_at")
    ordering = "id"

    def found_by(self, text: str) -> Q:
        """Search by telephone number, too."""
        return numbered(text)

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        if self.action == "list" and "archived" not in self.request.query_params:
            rows = rows.filter(archived_at=None)
        return rows

    def with_parts(self, rows: Any) -> Any:
        today = Organisation.objects.day_of(self.at)
        parts: Any = StakeholderRole.objects.all()
        standings: Any = ContactStanding.objects.all()
        return rows.prefetch_related(
            Prefetch("stakeholder_roles", parts.current().holding_on(today), to_attr="parts_today"),
            Prefetch("standings", standings.current().holding_on(today), to_attr="standings_today"),
        )

    def make(self, data: dict[str, Any]) -> Contact:
        contact = create_contact(by=self.me, at=self.at, **_introduced(data))
        later = {name: data[name] for name in ("state", "successor") if name in data}
        return self.change(contact, later | {"on": data.get("on")}) if later else contact

    def change(self, row: Contact, data: dict[str, Any]) -> Contact:
        on = data.pop("on", None)
        if row.is_ghost and any(data.get(name) for name in NAMES):
            data["is_ghost"] = False
        return update_contact(contact=row, changes=data, on=on, by=self.me, at=self.at)

    def remove(self, row: Contact) -> None:
        archive_contact(contact=row, by=self.me, at=self.at)

    @extend_schema(request=StandingChangeSerializer, responses=ContactSerializer)
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def standing(self, request: Request, **kwargs: Any) -> Response:
        """Say how the contact stands to us from a day on."""
        contact = self.get_object()
        said = read_body(StandingChangeSerializer(data=request.data))
        set_standing(contact=contact, by=self.me, at=self.at, **said)
        return Response(self._shown(contact))

    @extend_schema(request=ContactMoveSerializer, responses=ContactSerializer)
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def move(self, request: Request, **kwargs: Any) -> Response:
        """Let the person leave for another customer; answers with the contact they are there."""
        contact = self.get_object()
        values = read_body(ContactMoveSerializer(data=request.data, context={"request": request}))
        return Response(
            self._shown(move_contact(contact=contact, by=self.me, at=self.at, **values))
        )

    def bring_back(self, row: Contact) -> Contact:
        """Bring an archived contact back, with the parts that ended with it."""
        return restore_contact(contact=row, by=self.me, at=self.at)


class StakeholderViewSet(RecordViewSet):
    """Which contact plays which part. `DELETE` ends the part today; the past stays."""

    queryset = StakeholderRole.objects.filter(retracted_at=None)
    serializer_class = StakeholderSerializer
    filterset_class = StakeholderFilter
    ordering_fields = ("id", "starts_on", "confirmed_on")
    ordering = "id"

    def make(self, data: dict[str, Any]) -> StakeholderRole:
        data.pop("ends_on", None)
        on = data.pop("starts_on", None)
        return assign_role(on=on, by=self.me, at=self.at, **data)

    def change(self, row: StakeholderRole, data: dict[str, Any]) -> StakeholderRole:
        return change_role(stakeholder=row, changes=data, by=self.me, at=self.at)

    def remove(self, row: StakeholderRole) -> None:
        end_role(stakeholder=row, by=self.me, at=self.at)

    @extend_schema(request=ConfirmationSerializer, responses=StakeholderSerializer)
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def confirm(self, request: Request, **kwargs: Any) -> Response:
        """Say that the part was confirmed, today unless a day is given."""
        part = self.get_object()
        said = read_body(ConfirmationSerializer(data=request.data))
        confirm_role(stakeholder=part, by=self.me, at=self.at, **said)
        return Response(self._shown(part))


class RelationViewSet(RecordViewSet):
    """Who reports to, influences or is in conflict with whom. `DELETE` ends the line today."""

    queryset = StakeholderRelation.objects.filter(retracted_at=None)
    serializer_class = RelationSerializer
    filterset_class = RelationFilter
    ordering_fields = ("id", "starts_on")
    ordering = "id"

    def make(self, data: dict[str, Any]) -> StakeholderRelation:
        on = data.pop("starts_on", None)
        return relate(on=on, by=self.me, at=self.at, **data)

    def change(self, row: StakeholderRelation, data: dict[str, Any]) -> StakeholderRelation:
        return change_relation(relation=row, changes=data, by=self.me, at=self.at)

    def remove(self, row: StakeholderRelation) -> None:
        end_relation(relation=row, by=self.me, at=self.at)


def _introduced(data: dict[str, Any]) -> dict[str, Any]:
    return {name: data[name] for name in data if name not in {"state", "successor", "on"}}
