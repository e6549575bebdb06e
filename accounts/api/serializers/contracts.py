"""Contracts and their dated terms over the API."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from accounts.api.relations import LinkField
from accounts.choices import ChurnReason, RecordKind
from accounts.domain.payment_terms import MONTH_END, MOST_MONTHS
from accounts.models import Account, Contract, ContractTerm, FxRate

CURRENCY = r"^[A-Z]{3}$"


class TermSerializer(serializers.ModelSerializer[ContractTerm]):
    """What the contract is worth over a span of days."""

    class Meta:
        model = ContractTerm
        fields = ("arr", "seats", "reason", "starts_on", "ends_on")


class ContractSerializer(serializers.ModelSerializer[Contract]):
    """One contract. `arr`, `seats` and `reason` (why it is worth less) are written from day `on`;
    `terms` shows all of them.

    Invoices are due `payment_days` after they were issued, or, in its place, on `payment_day` of
    the month `payment_months` after the one they are closed in by `closing_day`. Days are 1 to 28,
    31 is the end of the month. Writing one kind of terms empties the other.
    """

    account = LinkField(queryset=Account.objects.all(), writes=RecordKind.CONTRACT)
    external_id = serializers.CharField(max_length=128, allow_null=True, required=False)
    arr = serializers.DecimalField(
        max_digits=18, decimal_places=2, min_value=Decimal(0), write_only=True
    )
    seats = serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, allow_null=True, required=False, write_only=True
    )
    reason = serializers.ChoiceField(
        ChurnReason.choices, allow_blank=True, required=False, write_only=True
    )
    currency = serializers.RegexField(CURRENCY, required=False)
    closing_day = serializers.IntegerField(
        min_value=1, max_value=MONTH_END, allow_null=True, required=False
    )
    payment_months = serializers.IntegerField(
        min_value=0, max_value=MOST_MONTHS, allow_null=True, required=False
    )
    payment_day = serializers.IntegerField(
        min_value=1, max_value=MONTH_END, allow_null=True, required=False
    )
    on = serializers.DateField(write_only=True, required=False)
    terms = TermSerializer(source="standing_terms", many=True, read_only=True)
    arr_now = serializers.DecimalField(
        max_digits=18, decimal_places=2, read_only=True, allow_null=True
    )
    seats_now = serializers.IntegerField(read_only=True, allow_null=True)
    decide_on = serializers.DateField(read_only=True, allow_null=True)

    class Meta:
        model = Contract
        validators = ()  # uniqueness is the database's, and its refusals have names
        fields = (
            "id",
            "account",
            "external_id",
            "product",
            "kind",
            "currency",
            "starts_on",
            "ends_on",
            "notice_months",
            "auto_renews",
            "is_public_yearly",
            "payment_days",
            "closing_day",
            "payment_months",
            "payment_day",
            "notice_received_on",
            "forecast",
            "approval_state",
            "arr",
            "seats",
            "reason",
            "on",
            "terms",
            "arr_now",
            "seats_now",
            "decide_on",
            "archived_at",
            "created_at",
            "updated_at",
        )
        read_only_fields = ("archived_at", "created_at", "updated_at")


class RenewalSerializer(serializers.Serializer[Any]):
    """The next period of a contract. `as_new` signs a new one from the day after the last."""

    ends_on = serializers.DateField(allow_null=True)
    as_new = serializers.BooleanField(required=False)
    arr = serializers.DecimalField(
        max_digits=18, decimal_places=2, min_value=Decimal(0), required=False
    )
    seats = serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, allow_null=True, required=False
    )
    external_id = serializers.CharField(max_length=128, allow_null=True, required=False)


class RateSerializer(serializers.ModelSerializer[FxRate]):
    """One unit of `currency` is worth `rate` of the reporting currency from day `on`."""

    currency = serializers.RegexField(CURRENCY)

    class Meta:
        model = FxRate
        fields = ("id", "currency", "on", "rate", "recorded_at")
        read_only_fields = ("recorded_at",)
