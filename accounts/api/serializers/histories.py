"""What was once so, from a day until a day, over the API: rows that are only read."""

from rest_framework import serializers

from accounts.api.relations import LinkField
from accounts.models import (
    AccountPhaseFact,
    AccountRole,
    AccountStatusFact,
    AttributeValue,
    ContactStanding,
    TicketStateFact,
)

#: `ends_on` is the first day on which it no longer holds; null while it goes on.
SPAN = ("starts_on", "ends_on", "recorded_at", "retracted_at")


class AccountRoleFactSerializer(serializers.ModelSerializer[AccountRole]):
    """One of us did something for the account from `starts_on` until before `ends_on`."""

    account = LinkField(read_only=True)

    class Meta:
        model = AccountRole
        fields = ("id", "account", "role", "user", *SPAN)
        read_only_fields = fields


class AccountStatusFactSerializer(serializers.ModelSerializer[AccountStatusFact]):
    """The account had this status from `starts_on` until before `ends_on`."""

    account = LinkField(read_only=True)

    class Meta:
        model = AccountStatusFact
        fields = ("id", "account", "status", *SPAN)
        read_only_fields = fields


class AccountPhaseFactSerializer(serializers.ModelSerializer[AccountPhaseFact]):
    """The account was in this phase from `starts_on` until before `ends_on`."""

    account = LinkField(read_only=True)

    class Meta:
        model = AccountPhaseFact
        fields = ("id", "account", "phase", *SPAN)
        read_only_fields = fields


class AttributeValueSerializer(serializers.ModelSerializer[AttributeValue]):
    """The tier, the touch model or an attribute had this value from `starts_on` until before
    `ends_on`."""

    account = LinkField(read_only=True)
    key = serializers.CharField(
        read_only=True, help_text="`tier`, `touch_model`, or the key of an attribute."
    )
    value = serializers.JSONField(read_only=True)

    class Meta:
        model = AttributeValue
        fields = ("id", "account", "key", "value", *SPAN)
        read_only_fields = fields


class ContactStandingSerializer(serializers.ModelSerializer[ContactStanding]):
    """How a contact stood to us from `starts_on` until before `ends_on`; empty for not known."""

    account = LinkField(read_only=True)
    contact = LinkField(read_only=True)

    class Meta:
        model = ContactStanding
        fields = ("id", "account", "contact", "stance", "influence", "strength", *SPAN)
        read_only_fields = fields


class TicketStateSerializer(serializers.ModelSerializer[TicketStateFact]):
    """The ticket was in this state from `starts_on` until before `ends_on`."""

    ticket = LinkField(read_only=True)

    class Meta:
        model = TicketStateFact
        fields = ("id", "ticket", "state", *SPAN)
        read_only_fields = fields
