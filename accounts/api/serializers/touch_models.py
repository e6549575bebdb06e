"""What is asked of accounts of each touch model, over the API."""

from typing import Any

from rest_framework import serializers

from accounts.choices import StakeholderRoleKind, TouchModel

LONGEST = 1_000


def _days(words: str) -> serializers.IntegerField:
    return serializers.IntegerField(
        min_value=1, max_value=LONGEST, allow_null=True, required=False, help_text=words
    )


class TouchModelSerializer(serializers.Serializer[Any]):
    """How often accounts of a touch model are to be talked to, and whose support to have."""

    key = serializers.ChoiceField(choices=TouchModel.choices, read_only=True)
    on = serializers.DateField(read_only=True, help_text="The day this holds on.")
    cadence_days = _days("Days between two-way touches; null where no cadence is asked.")
    onboarding_cadence_days = _days("The same during onboarding.")
    near_cadence_days = _days("The same within 120 days of the renewal date.")
    required_roles = serializers.ListField(
        child=serializers.ChoiceField(choices=StakeholderRoleKind.choices),
        required=False,
        max_length=len(StakeholderRoleKind),
    )

    def validate_required_roles(self, roles: list[str]) -> tuple[str, ...]:
        """Name each role once."""
        return tuple(dict.fromkeys(roles))


class TouchModelQuerySerializer(serializers.Serializer[Any]):
    on = serializers.DateField(required=False)
