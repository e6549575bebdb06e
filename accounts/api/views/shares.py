"""The resource `shares`."""

from typing import Any, ClassVar

from accounts.api.base import RecordViewSet
from accounts.api.serializers.shares import ShareSerializer
from accounts.models import AccountShare
from accounts.services.shares import end_share, share_account


class ShareViewSet(RecordViewSet):
    """Who may see an account beyond its team: a colleague or a team, each by a row. The same again
    answers with the row there is. `DELETE` takes a share back at once; the history keeps it."""

    queryset = AccountShare.objects.all()
    serializer_class = ShareSerializer
    filterset_fields = ("account", "user", "team")
    ordering_fields = ("id", "created_at")
    ordering = "id"
    http_method_names = ("get", "post", "delete", "head", "options")
    search_columns: ClassVar[tuple[str, ...]] = ("account__search_text",)

    def make(self, data: dict[str, Any]) -> AccountShare:
        return share_account(by=self.me, at=self.at, **data)

    def remove(self, row: AccountShare) -> None:
        end_share(share=row, by=self.me)
