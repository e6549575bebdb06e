"""The organisation and how far its roles reach, over the API."""

from typing import Any

from rest_framework import serializers

from accounts.api.serializers.contracts import CURRENCY
from accounts.choices import RecordKind, Scope, UserRole
from accounts.models import Organisation
from accounts.services.organisation import ORGANISATION


class OrganisationSerializer(serializers.ModelSerializer[Organisation]):
    """The company whose teams work here: what it is called, its days and money."""

    currency = serializers.RegexField(CURRENCY, help_text="The reporting currency.")

    class Meta:
        model = Organisation
        fields = ORGANISATION
        extra_kwargs = {
            "fiscal_year_month": {"min_value": 1, "max_value": 12},
            "replay_days": {"min_value": 1, "max_value": 36_500},
        }


class AccessPolicySerializer(serializers.Serializer[Any]):
    """How far a role sees and changes a kind of record; `is_default` until somebody decided."""

    role = serializers.ChoiceField(choices=UserRole.choices, read_only=True)
    kind = serializers.ChoiceField(choices=RecordKind.choices, read_only=True)
    read_scope = serializers.ChoiceField(choices=Scope.choices)
    write_scope = serializers.ChoiceField(choices=Scope.choices)
    is_default = serializers.BooleanField(read_only=True)
