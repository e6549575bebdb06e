"""Tickets, invoices, payments and onboarding milestones over the API."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.api.relations import LinkField
from accounts.api.serializers.contracts import CURRENCY
from accounts.choices import RecordKind
from accounts.models import (
    Account,
    Contact,
    Contract,
    Invoice,
    InvoicePayment,
    OnboardingMilestone,
    Ticket,
)

KEY_STAYS = _("The key of a milestone does not change.")
SOMETHING = Decimal("0.01")


class TicketSerializer(serializers.ModelSerializer[Ticket]):
    """One question of a customer; `state` and `resolved_at` bring each other."""

    account = LinkField(queryset=Account.objects.all(), writes=RecordKind.TICKET)
    contact = LinkField(queryset=Contact.objects.all(), allow_null=True, required=False)
    external_id = serializers.CharField(max_length=128, allow_null=True, required=False)
    severity = serializers.ChoiceField(
        choices=Ticket._meta.get_field("severity").choices or [], required=False
    )
    opened_at = serializers.DateTimeField(required=False, help_text="Now unless given.")
    csat = serializers.IntegerField(min_value=1, max_value=5, allow_null=True, required=False)

    class Meta:
        model = Ticket
        validators = ()  # uniqueness is the database's, and its refusals have names
        fields = (
            "id",
            "account",
            "contact",
            "external_id",
            "subject",
            "severity",
            "state",
            "opened_at",
            "resolved_at",
            "csat",
            "updated_at",
        )
        read_only_fields = ("updated_at",)


class PaymentSerializer(serializers.ModelSerializer[InvoicePayment]):
    """Money that came in; all that is still open where no amount is given."""

    invoice = LinkField(
        queryset=Invoice.objects.filter(retracted_at=None), writes=RecordKind.INVOICE
    )
    amount = serializers.DecimalField(
        max_digits=18, decimal_places=2, min_value=SOMETHING, required=False
    )

    class Meta:
        model = InvoicePayment
        fields = ("id", "invoice", "paid_on", "amount", "recorded_at")
        read_only_fields = ("recorded_at",)


class InvoicePaymentSerializer(serializers.ModelSerializer[InvoicePayment]):
    class Meta:
        model = InvoicePayment
        fields = ("id", "paid_on", "amount")


class InvoiceSerializer(serializers.ModelSerializer[Invoice]):
    """One invoice, with tax. `due_on` moves to the next banking day; empty, the terms say it.

    Payments are a resource of their own; `paid_on` is the day on which it was paid in full.
    """

    account = LinkField(queryset=Account.objects.all(), writes=RecordKind.INVOICE)
    contract = LinkField(queryset=Contract.objects.all(), allow_null=True, required=False)
    external_id = serializers.CharField(max_length=128, allow_null=True, required=False)
    due_on = serializers.DateField(allow_null=True, required=False)
    amount = serializers.DecimalField(max_digits=18, decimal_places=2, min_value=SOMETHING)
    currency = serializers.RegexField(CURRENCY, required=False)
    paid_amount = serializers.DecimalField(max_digits=18, decimal_places=2, read_only=True)
    balance = serializers.DecimalField(max_digits=18, decimal_places=2, read_only=True)
    paid_on = serializers.DateField(read_only=True, allow_null=True)
    payments = InvoicePaymentSerializer(source="standing_payments", many=True, read_only=True)

    class Meta:
        model = Invoice
        validators = ()  # uniqueness is the database's, and its refusals have names
        fields = (
            "id",
            "account",
            "contract",
            "external_id",
            "issued_on",
            "due_on",
            "amount",
            "currency",
            "paid_amount",
            "balance",
            "paid_on",
            "payments",
            "updated_at",
        )
        read_only_fields = ("updated_at",)


class MilestoneSerializer(serializers.ModelSerializer[OnboardingMilestone]):
    """One step on the way to first value; the key never changes."""

    account = LinkField(queryset=Account.objects.all(), writes=RecordKind.ACCOUNT)
    key = serializers.SlugField(max_length=60, required=False)
    label_en = serializers.CharField(max_length=120)
    label_ja = serializers.CharField(max_length=120)

    class Meta:
        model = OnboardingMilestone
        validators = ()  # uniqueness is the database's, and its refusals have names
        fields = (
            "id",
            "account",
            "key",
            "label_en",
            "label_ja",
            "due_on",
            "done_on",
            "is_first_value",
            "updated_at",
        )
        read_only_fields = ("updated_at",)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Leave the key of a stored milestone as it is; the same again does no harm."""
        if self.instance is not None:
            key = attrs.pop("key", self.instance.key)
            if key != self.instance.key:
                raise serializers.ValidationError({"key": [KEY_STAYS]})
        return attrs


class PlanSerializer(serializers.Serializer[Any]):
    """Whose onboarding is planned, and from which day on: the newest contract's first, if none."""

    account = LinkField(queryset=Account.objects.all(), writes=RecordKind.ACCOUNT)
    starts_on = serializers.DateField(required=False)
