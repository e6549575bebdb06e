"""The resource `touchpoints`."""

from collections.abc import Collection
from typing import Any

from django.db.models import Prefetch
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.fields import BooleanField
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import RecordViewSet, Restores
from accounts.api.filters import TouchpointFilter
from accounts.api.relations import with_seen_links
from accounts.api.serializers.touchpoints import TouchpointSerializer
from accounts.choices import RecordKind
from accounts.models import Account, Contact, Touchpoint, TouchpointTodo
from accounts.selectors.talks import same_talk
from accounts.services.touchpoints import (
    record_touchpoint,
    restore_touchpoint,
    retract_touchpoint,
    update_touchpoint,
)


class TouchpointViewSet(Restores, RecordViewSet):
    """What was said between the customer's people and ours. `DELETE` takes the entry back."""

    queryset = Touchpoint.objects.filter(retracted_at=None)
    serializer_class = TouchpointSerializer
    filterset_class = TouchpointFilter
    ordering_fields = ("id", "occurred_at", "updated_at")
    ordering = "-occurred_at"

    def with_parts(self, rows: Any) -> Any:
        readable = rows.with_readable_body(self.request.user)
        people = Contact.objects.visible_to(self.request.user)
        todos = with_seen_links(TouchpointTodo.objects.all(), ("contact",), user=self.request.user)
        signals = Prefetch("signals", to_attr="signal_rows")
        return readable.prefetch_related(
            Prefetch("contacts", people), "users", signals, Prefetch("todos", todos)
        )

    def questions_taken(self) -> Collection[str] | None:
        """A talk may be taken back at all its accounts."""
        return ("for_all_accounts",) if self.action == "destroy" else super().questions_taken()

    def search_rows(self, rows: Any, text: str) -> Any:
        """Keep talks that hold every word, as the page does."""
        return rows.search(text, user=self.me)

    def make(self, data: dict[str, Any]) -> Touchpoint:
        data.pop("for_all_accounts", None)
        accounts = {row.pk: row for row in (data.pop("account"), *data.pop("further_accounts", ()))}
        open_to_me = Account.objects.open_for(self.me, RecordKind.TOUCHPOINT).filter(
            pk__in=accounts, merged_into=None
        )
        if open_to_me.count() < len(accounts):
            raise PermissionDenied
        rows = record_touchpoint(
            accounts=list(accounts.values()), source="api", by=self.me, at=self.at, **data
        )
        return rows[0]

    def change(self, row: Touchpoint, data: dict[str, Any]) -> Touchpoint:
        data.pop("further_accounts", None)
        others = same_talk(row, user=self.me) if data.pop("for_all_accounts", False) else ()
        return update_touchpoint(
            touchpoint=row, changes=data, by=self.me, at=self.at, others=others
        )

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "for_all_accounts",
                bool,
                description="Take the talk back at every account of it that the caller may change.",
            )
        ]
    )
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take the entry back."""
        return super().destroy(request, *args, **kwargs)

    def remove(self, row: Touchpoint) -> None:
        others = same_talk(row, user=self.me) if self._is_for_all() else ()
        retract_touchpoint(touchpoint=row, by=self.me, at=self.at, others=others)

    def bring_back(self, row: Touchpoint) -> Touchpoint:
        """Bring back an entry that was taken back, at its one account."""
        return restore_touchpoint(touchpoint=row, by=self.me, at=self.at)

    def _is_for_all(self) -> bool:
        """Read the flag of a `DELETE`; whoever mistypes it must not take back more, or less."""
        asked = self.request.query_params.get("for_all_accounts", "false")
        if asked not in {"true", "false"}:
            words = BooleanField.default_error_messages["invalid"]
            raise ValidationError({"for_all_accounts": [words]})
        return bool(asked == "true")
