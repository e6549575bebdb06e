"""The resource `shares`."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema, extend_schema_view

from accounts.api.base import RecordViewSet
from accounts.api.serializers.shares import ShareSerializer
from accounts.models import AccountShare
from accounts.services.shares import end_share, share_account


@extend_schema_view(create=extend_schema(responses={200: ShareSerializer, 201: ShareSerializer}))
class ShareViewSet(RecordViewSet):
    """Who may see an account beyond its team: a colleague or a team, a row each. The same again
    answers with the row there is, by 200. `DELETE` takes a share back at once; history stays."""

    queryset = AccountShare.objects.all()
    serializer_class = ShareSerializer
    filterset_fields = ("account", "user", "team")
    ordering_fields = ("id", "created_at")
    ordering = "id"
    http_method_names = ("get", "post", "delete", "head", "options")
    search_columns: ClassVar[tuple[str, ...]] = ("account__search_text",)

    found = False

    def make(self, data: dict[str, Any]) -> AccountShare:
        self.found = AccountShare.objects.filter(**data).exists()
        return share_account(by=self.me, at=self.at, **data)

    def is_new(self, row: AccountShare) -> bool:
        return not self.found

    def remove(self, row: AccountShare) -> None:
        end_share(share=row, by=self.me)
