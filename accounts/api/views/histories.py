"""Histories, read only: what held from a day until a day, as it is known now or was at an instant.

What they tell is changed with the record itself: `accounts/<id>/roles/`, `PATCH` with `on`,
`contacts/<id>/standing/`.
"""

from typing import Any, ClassVar

from accounts.api.base import ReadOnlyViewSet
from accounts.api.history_filters import (
    AccountPhaseFilter,
    AccountRoleFilter,
    AccountStatusFilter,
    AttributeValueFilter,
    ContactStandingFilter,
    TicketStateFilter,
)
from accounts.api.serializers.histories import (
    AccountPhaseFactSerializer,
    AccountRoleFactSerializer,
    AccountStatusFactSerializer,
    AttributeValueSerializer,
    ContactStandingSerializer,
    TicketStateSerializer,
)
from accounts.models import (
    AccountPhaseFact,
    AccountRole,
    AccountStatusFact,
    AttributeValue,
    ContactStanding,
    TicketStateFact,
)


class HistoryViewSet(ReadOnlyViewSet):
    """Spans of days; corrected ones show only where `known_at` asks for what was known then."""

    ordering_fields = ("id", "starts_on", "recorded_at")
    ordering = "id"

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows if self.action == "list" else rows.current()


class AccountRoleViewSet(HistoryViewSet):
    """Who of us looked after which account: today, from a day ahead, and in the past."""

    queryset = AccountRole.objects.all()
    serializer_class = AccountRoleFactSerializer
    filterset_class = AccountRoleFilter
    search_columns: ClassVar[tuple[str, ...]] = ("account__search_text",)


class AccountStatusViewSet(HistoryViewSet):
    """The statuses accounts have had."""

    queryset = AccountStatusFact.objects.all()
    serializer_class = AccountStatusFactSerializer
    filterset_class = AccountStatusFilter
    search_columns: ClassVar[tuple[str, ...]] = ("account__search_text",)


class AccountPhaseViewSet(HistoryViewSet):
    """The phases accounts have been in."""

    queryset = AccountPhaseFact.objects.all()
    serializer_class = AccountPhaseFactSerializer
    filterset_class = AccountPhaseFilter
    search_columns: ClassVar[tuple[str, ...]] = ("account__search_text",)


class AttributeValueViewSet(HistoryViewSet):
    """Tiers, touch models and custom attributes of accounts through time."""

    queryset = AttributeValue.objects.all()
    serializer_class = AttributeValueSerializer
    filterset_class = AttributeValueFilter
    search_columns: ClassVar[tuple[str, ...]] = ("account__search_text",)


class ContactStandingViewSet(HistoryViewSet):
    """How contacts have stood to us."""

    queryset = ContactStanding.objects.all()
    serializer_class = ContactStandingSerializer
    filterset_class = ContactStandingFilter
    search_columns: ClassVar[tuple[str, ...]] = ("contact__search_text",)


class TicketStateViewSet(HistoryViewSet):
    """The states tickets have been in."""

    queryset = TicketStateFact.objects.filter(ticket__retracted_at=None)
    serializer_class = TicketStateSerializer
    filterset_class = TicketStateFilter
