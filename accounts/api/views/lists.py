"""The resources `views` and `lists`."""

from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import RecordViewSet, Restores
from accounts.api.serializers.lists import (
    ListMembersResultSerializer,
    ListMembersSerializer,
    OpeningSerializer,
    SavedViewSerializer,
    StaticListSerializer,
)
from accounts.models import Account, DefaultView, ListMember, SavedView, StaticList
from accounts.services.saved_views import change_view, open_with, remove_view, save_view
from accounts.services.static_lists import (
    add_to_list,
    archive_list,
    change_list,
    create_list,
    remove_from_list,
    restore_list,
)
from config.lib.bodies import read_body
from config.lib.etags import etag, refuse_stale


class SavedViewViewSet(RecordViewSet):
    """Questions to lists, kept under a name: one's own and those shared with one."""

    queryset = SavedView.objects.all()
    serializer_class = SavedViewSerializer
    filterset_fields = ("list_key", "owner", "sharing")
    ordering_fields = ("id", "name", "updated_at")
    ordering = "id"

    def with_parts(self, rows: Any) -> Any:
        mine = DefaultView.objects.filter(user=self.request.user.pk, view=OuterRef("pk"))
        return rows.annotate(is_default=Exists(mine))

    def make(self, data: dict[str, Any]) -> SavedView:
        return save_view(owner=self.me, at=self.at, **data)

    def change(self, row: SavedView, data: dict[str, Any]) -> SavedView:
        data.pop("list_key", None)
        return change_view(view=row, changes=data, by=self.me, at=self.at)

    def remove(self, row: SavedView) -> None:
        remove_view(view=row, by=self.me)

    @extend_schema(request=OpeningSerializer)
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def default(self, request: Request, **kwargs: Any) -> Response:
        """Let the caller's own list open with this view, also a shared one, or with all again."""
        opens = read_body(OpeningSerializer(data=request.data))["is_default"]
        view = get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])
        refuse_stale(request, etag(view))
        if opens or view.is_default:
            open_with(user=self.me, list_key=view.list_key, view=view if opens else None)
        return Response(self._shown(view))


class StaticListViewSet(Restores, RecordViewSet):
    """Accounts put together by hand. `DELETE` archives; `accounts/?list=` reads the members."""

    queryset = StaticList.objects.filter(archived_at=None)
    serializer_class = StaticListSerializer
    filterset_fields = ("owner", "sharing")
    ordering_fields = ("id", "name", "updated_at")
    ordering = "id"

    def with_parts(self, rows: Any) -> Any:
        seen = Account.objects.visible_to(self.request.user).values("pk")
        members = ListMember.objects.filter(list=OuterRef("pk"), account__in=seen).order_by()
        number = members.values("list").annotate(n=Count("pk")).values("n")
        return rows.annotate(seen=Coalesce(Subquery(number, output_field=IntegerField()), 0))

    def make(self, data: dict[str, Any]) -> StaticList:
        return create_list(owner=self.me, at=self.at, **data)

    def change(self, row: StaticList, data: dict[str, Any]) -> StaticList:
        return change_list(row=row, changes=data, by=self.me, at=self.at)

    def remove(self, row: StaticList) -> None:
        archive_list(row=row, by=self.me, at=self.at)

    def bring_back(self, row: StaticList) -> StaticList:
        """Bring back an archived list, with the accounts that are on it."""
        restore_list(row=row, by=self.me, at=self.at)
        return row

    @extend_schema(request=ListMembersSerializer, responses=ListMembersResultSerializer)
    @action(detail=True, methods=["post"])
    def members(self, request: Request, pk: str = "") -> Response:
        """Put accounts on the list and take accounts off; a result for each."""
        row = self.get_object()
        asked = read_body(ListMembersSerializer(data=request.data))
        add, remove = (asked.get(name, []) for name in ("add", "remove"))
        results = add_to_list(row=row, accounts=add, by=self.me, at=self.at)
        results |= remove_from_list(row=row, accounts=remove, by=self.me)
        lines = [{"account": key, "outcome": word} for key, word in sorted(results.items())]
        return Response(ListMembersResultSerializer({"results": lines}).data)
