"""The resource `accounts`."""

from typing import Any

from django.db.models import Prefetch, Q
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import RecordViewSet, Restores
from accounts.api.extensions import extension_keys, extension_ordering
from accounts.api.filters import AccountFilter
from accounts.api.queries import read_query
from accounts.api.serializers.accounts import (
    AccountSerializer,
    RoleAssignmentSerializer,
)
from accounts.api.serializers.hierarchy import (
    ChildrenSerializer,
    RollUpQuerySerializer,
    RollUpSerializer,
)
from accounts.api.serializers.timeline import TimelineQuerySerializer, TimelineSerializer
from accounts.models import Account, AccountRole, Organisation
from accounts.querysets import reach_of
from accounts.selectors import timeline_of
from accounts.selectors.external_ids import known_by
from accounts.selectors.hierarchy import Measure, branches, ids_below, roll_up
from accounts.services.accounts import (
    archive_account,
    create_account,
    restore_account,
    update_account,
)
from accounts.services.handovers import hand_over_role
from accounts.services.roles import end_account_role
from config.lib.bodies import read_body


class AccountViewSet(Restores, RecordViewSet):
    """The companies we do business with. `DELETE` archives; nothing is ever lost."""

    queryset = Account.objects.all()
    serializer_class = AccountSerializer
    filterset_class = AccountFilter
    search_columns = ("search_text",)
    ordering = "name_kana"

    @property
    def ordering_fields(self) -> dict[str, str]:
        """Name what the list can be sorted by, upper apps' fields included.

        A value the caller does not see in every row would show through the order of the rows.
        """
        own = ("id", "name_kana", "arr", "renewal_on", "created_at", "updated_at")
        reach = None if getattr(self, "swagger_fake_view", False) else reach_of(self.request.user)
        return {name: name for name in own} | extension_ordering(reach)

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        if self.action == "list" and "archived" not in self.request.query_params:
            rows = rows.unarchived()
        return rows

    def found_by(self, text: str) -> Q:
        """Search by what names an account as a whole, too: its numbers and domains."""
        return known_by(text)

    def with_parts(self, rows: Any) -> Any:
        today = Organisation.objects.day_of(self.at)
        roles: Any = AccountRole.objects.all()
        held = Prefetch("roles", roles.current().holding_on(today), to_attr="roles_today")
        rows = rows.prefetch_related(held, Prefetch("domains", to_attr="domain_rows"))
        keys = extension_keys()
        return rows.with_fields(*keys, at=self.at) if keys else rows

    def make(self, data: dict[str, Any]) -> Account:
        return create_account(by=self.me, at=self.at, **data)

    def change(self, row: Account, data: dict[str, Any]) -> Account:
        on = data.pop("on", None)
        return update_account(account=row, changes=data, on=on, by=self.me, at=self.at)

    def remove(self, row: Account) -> None:
        archive_account(account=row, by=self.me, at=self.at)

    def bring_back(self, row: Account) -> Account:
        """Bring back an archived account."""
        return restore_account(account=row, by=self.me, at=self.at)

    @extend_schema(request=RoleAssignmentSerializer, responses=AccountSerializer)
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def roles(self, request: Request, **kwargs: Any) -> Response:
        """Say who does something for the account from a day on."""
        account = self.get_object()
        data = read_body(RoleAssignmentSerializer(data=request.data, context={"request": request}))
        data |= {"account": account, "by": self.me, "at": self.at}
        if data["user"] is None:
            del data["user"], data["with_work"]
            end_account_role(**data)
        else:
            hand_over_role(**data)
        return Response(self._shown(account))

    @extend_schema(responses=ChildrenSerializer)
    @action(detail=True, methods=["get"], filter_backends=[], pagination_class=None)
    def children(self, request: Request, **kwargs: Any) -> Response:
        """Show the accounts below, to any depth, as far as the caller sees them."""
        account = self.get_object()
        below = ids_below(account)
        rows = branches(below, user=self.me, at=self.at)
        seen = {account.pk, *(row.account.pk for row in rows)}
        for row in rows:
            row.account.parent_id = row.account.parent_id if row.account.parent_id in seen else None
        data = {"results": rows, "hidden": len(below) - len(rows)}
        return Response(ChildrenSerializer(data).data)

    @extend_schema(parameters=[RollUpQuerySerializer], responses=RollUpSerializer)
    @action(detail=True, methods=["get"], filter_backends=[], pagination_class=None, questions=None)
    def rollup(self, request: Request, **kwargs: Any) -> Response:
        """Add up fields over the accounts below, as far as the caller sees them."""
        account = self.get_object()
        asked = read_query(RollUpQuerySerializer, request)
        measures = [Measure(*text.split(":", 1)) for text in asked["measure"]]
        only = asked.get("filter")
        found = roll_up(ids_below(account), measures, user=self.me, at=self.at, only=only)
        return Response(RollUpSerializer(found).data)

    @extend_schema(parameters=[TimelineQuerySerializer], responses=TimelineSerializer)
    @action(detail=True, methods=["get"], filter_backends=[], pagination_class=None, questions=None)
    def timeline(self, request: Request, **kwargs: Any) -> Response:
        """Show what happened with the account, as far as the caller sees it, newest first."""
        account = self.get_object()
        asked = read_query(TimelineQuerySerializer, request)
        page = timeline_of(account=account, user=self.me, **asked)
        return Response(TimelineSerializer(page).data)
