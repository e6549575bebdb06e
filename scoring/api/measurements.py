"""The resource `measurements`: numbers other systems push about accounts."""

from typing import Any, ClassVar

from rest_framework import serializers

from accounts.api.base import RecordViewSet
from accounts.api.relations import LinkField
from accounts.choices import RecordKind
from accounts.models import Account
from scoring.api.filters import MeasurementFilter
from scoring.models import Measurement
from scoring.models.usage import LARGEST
from scoring.services.measurements import (
    correct_measurement,
    record_measurement,
    retract_measurement,
)


class MeasurementSerializer(serializers.ModelSerializer[Measurement]):
    """One reading; pushed again with its own-system id, or for its moment, it is a correction."""

    account = LinkField(queryset=Account.objects.all(), writes=RecordKind.HEALTH)
    external_id = serializers.CharField(max_length=128, allow_null=True, required=False)
    value = serializers.FloatField(min_value=-LARGEST, max_value=LARGEST)
    measured_at = serializers.DateTimeField(required=False, help_text="Now unless given.")

    class Meta:
        model = Measurement
        validators = ()  # the same reading again is no fault but a correction
        fields = ("id", "account", "key", "value", "measured_at", "external_id", "recorded_at")
        read_only_fields = ("recorded_at",)


class MeasurementViewSet(RecordViewSet):
    """Numbers by account, key and moment. `DELETE` takes a reading back."""

    queryset = Measurement.objects.filter(retracted_at=None)
    serializer_class = MeasurementSerializer
    filterset_class = MeasurementFilter
    ordering_fields = ("id", "measured_at")
    ordering = "-measured_at"
    search_columns: ClassVar[tuple[str, ...]] = ("key", "account__search_text")

    def make(self, data: dict[str, Any]) -> Measurement:
        return record_measurement(by=self.me, at=self.at, **data)

    def change(self, row: Measurement, data: dict[str, Any]) -> Measurement:
        return correct_measurement(
            measurement=row,
            value=data.get("value"),
            measured_at=data.get("measured_at"),
            by=self.me,
            at=self.at,
        )

    def remove(self, row: Measurement) -> None:
        retract_measurement(measurement=row, by=self.me, at=self.at)
