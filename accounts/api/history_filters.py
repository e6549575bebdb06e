"""What histories can be filtered by: whose they are, the day they hold on, when they were known."""

from typing import Any

import django_filters as filters

from accounts.api.filters import HoldingFilter
from accounts.models import (
    Account,
    AccountPhaseFact,
    AccountRole,
    AccountStatusFact,
    AttributeValue,
    Contact,
    ContactStanding,
    Ticket,
    TicketStateFact,
)


class KnownFilter(filters.IsoDateTimeFilter):
    """`?known_at=` shows what was known at an instant, corrected since or not."""

    def filter(self, qs: Any, value: Any) -> Any:
        return qs.known_at(value) if value else qs.current()


class HistoryFilter(filters.FilterSet):
    holding_on = HoldingFilter(help_text="A day on which it holds.")
    known_at = KnownFilter(help_text="As it was known then; as it is known now unless given.")
    recorded_at = filters.IsoDateTimeFromToRangeFilter()


class AccountRoleFilter(HistoryFilter):
    class Meta:
        model = AccountRole
        fields = ("account", "user", "role")


class AccountStatusFilter(HistoryFilter):
    class Meta:
        model = AccountStatusFact
        fields = ("account", "status")


class AccountPhaseFilter(HistoryFilter):
    class Meta:
        model = AccountPhaseFact
        fields = ("account", "phase")


class AttributeValueFilter(HistoryFilter):
    class Meta:
        model = AttributeValue
        fields = ("account", "key")


class ContactStandingFilter(HistoryFilter):
    contact = filters.ModelChoiceFilter(queryset=Contact.objects.all())

    class Meta:
        model = ContactStanding
        fields = ("account",)


class TicketStateFilter(HistoryFilter):
    ticket = filters.ModelChoiceFilter(queryset=Ticket.objects.filter(retracted_at=None))
    account = filters.ModelChoiceFilter(
        field_name="ticket__account", queryset=Account.objects.all()
    )

    class Meta:
        model = TicketStateFact
        fields = ("state",)
