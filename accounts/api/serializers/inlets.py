"""Inlets and what was sent to them, over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.relations import LinkField
from accounts.api.serializers.jobs import RowFaultSerializer, importer_choices
from accounts.models import DeliveryState, Inlet, InletDelivery, User
from accounts.registry import importers
from accounts.services.imports.faults import stored_faults


class InletSerializer(serializers.ModelSerializer[Inlet]):
    """Where one other system sends records of one kind. `address` and `secret` are told once, when
    it is made or rotated; we keep neither.
    """

    address = serializers.SerializerMethodField(help_text="Where to post; null but this once.")
    secret = serializers.SerializerMethodField(help_text="What to sign with; null but this once.")
    kind = serializers.ChoiceField(choices=importer_choices())
    owner = LinkField(queryset=User.objects.filter(is_active=True))
    columns = serializers.DictField(
        child=serializers.CharField(max_length=200),
        required=False,
        help_text="Key of the column → path in the record, or `=` and a text for new records.",
    )

    class Meta:
        model = Inlet
        fields = (
            "id",
            "name",
            "prefix",
            "address",
            "secret",
            "kind",
            "records_path",
            "columns",
            "is_fill_only",
            "is_signed",
            "signature_header",
            "owner",
            "created_at",
            "revoked_at",
        )
        read_only_fields = ("prefix", "created_at", "revoked_at")

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_address(self, row: Inlet) -> None:
        """Nobody knows it any more."""
        return

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_secret(self, row: Inlet) -> None:
        """Nobody knows it any more."""
        return


class InletDeliverySerializer(serializers.ModelSerializer[InletDelivery]):
    """A body that was posted, and how far it is; `run` is its import, `errors` its first faults."""

    state = serializers.ChoiceField(choices=DeliveryState.choices, read_only=True)
    has_body = serializers.BooleanField(read_only=True, help_text="It can be taken in again.")
    errors = serializers.SerializerMethodField()  # type: ignore[assignment]

    class Meta:
        model = InletDelivery
        fields = (
            "id",
            "inlet",
            "state",
            "problem",
            "problem_row",
            "problem_column",
            "run",
            "errors",
            "size",
            "has_body",
            "received_at",
            "opened_at",
        )
        read_only_fields = fields

    @extend_schema_field(RowFaultSerializer(many=True))
    def get_errors(self, row: InletDelivery) -> list[dict[str, Any]]:
        """Return the first faults of its import; the first record is row 2."""
        if row.run is None:
            return []
        faults = stored_faults(row.run.job.result, importers.get(row.inlet.kind).columns())
        return list(RowFaultSerializer(faults, many=True).data)
