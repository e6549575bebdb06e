"""The resource `alerts`: conditions of accounts that somebody should know of."""

import datetime as dt
from typing import Any, ClassVar

from rest_framework import serializers

from accounts.api.base import RecordViewSet
from accounts.api.relations import LinkField
from accounts.models import Organisation
from scoring.api.filters import AlertFilter
from scoring.choices import AlertState
from scoring.domain.definition import Definition
from scoring.models import HealthAlert
from scoring.selectors.causes import cause_of, measure_keys
from scoring.selectors.scorecards import read_definition
from scoring.selectors.words import alert_reason
from scoring.services.alerts import LONGEST_REASON, change_alert


class AlertSerializer(serializers.ModelSerializer[HealthAlert]):
    """An alert with its reason in numbers. Write `acknowledged`, `is_false` with `false_reason`, or
    `snoozed_until`; runs close it.
    """

    account = LinkField(read_only=True)
    state = serializers.SerializerMethodField()
    measure = serializers.SerializerMethodField(help_text="Key of the measure that moved it most.")
    reason = serializers.SerializerMethodField(help_text="A sentence in the caller's language.")
    scorecard = serializers.CharField(
        source="version.scorecard.key", read_only=True, allow_null=True, default=None
    )
    version = serializers.IntegerField(
        source="version.number", read_only=True, allow_null=True, default=None
    )
    acknowledged = serializers.BooleanField(required=False, write_only=True)
    is_false = serializers.BooleanField(required=False, write_only=True)
    false_reason = serializers.CharField(
        required=False, allow_blank=True, max_length=LONGEST_REASON
    )

    class Meta:
        model = HealthAlert
        fields = (
            "id", "account", "kind", "state", "opened_at", "day", "band", "from_band", "score",
            "before", "compared_on", "change", "cause", "measure", "cause_points", "quiet_since",
            "reason", "scorecard", "version", "acknowledged", "acknowledged_at", "acknowledged_by",
            "snoozed_until", "is_false", "false_at", "false_by", "false_reason", "closed_at",
            "closed_as",
        )  # fmt: skip
        read_only_fields = (
            "kind", "opened_at", "day", "band", "from_band", "score", "before",
            "compared_on", "change", "cause", "cause_points", "quiet_since", "acknowledged_at",
            "acknowledged_by", "false_at", "false_by", "closed_at", "closed_as",
        )  # fmt: skip

    def get_state(self, alert: HealthAlert) -> str:
        """Return open, snoozed, false or closed; a false alarm stays one when it closes."""
        if alert.false_at:
            return str(AlertState.FALSE)
        if alert.closed_at:
            return str(AlertState.CLOSED)
        is_snoozed = alert.snoozed_until is not None and alert.snoozed_until > self._at()
        return str(AlertState.SNOOZED if is_snoozed else AlertState.OPEN)

    def get_measure(self, alert: HealthAlert) -> str | None:
        """Return the measure by its place among the contributions of the version."""
        keys, place = self._keys(alert), alert.cause_place
        return keys[place - 1] if place is not None and 0 < place <= len(keys) else None

    def get_reason(self, alert: HealthAlert) -> str:
        """Say why it is there."""
        keys = self._keys(alert)
        cause = cause_of(alert.cause, alert.cause_place, alert.cause_points, keys)
        return alert_reason(alert, cause, today=Organisation.objects.day_of(self._at()))

    def _at(self) -> dt.datetime:
        at: dt.datetime = self.context["view"].at
        return at

    def _keys(self, alert: HealthAlert) -> tuple[str, ...]:
        """Read each version once, however many alerts it opened."""
        if alert.version is None:
            return ()
        context: Any = self.context
        read: dict[int, Definition] = context.setdefault("definitions", {})
        if alert.version.pk not in read:
            read[alert.version.pk] = read_definition(alert.version)
        return measure_keys(read[alert.version.pk])


class AlertViewSet(RecordViewSet):
    """Open conditions, those put off, false alarms and what cleared."""

    queryset = HealthAlert.objects.all()
    serializer_class = AlertSerializer
    filterset_class = AlertFilter
    ordering_fields = ("id", "opened_at", "closed_at")
    ordering = "-opened_at"
    search_columns: ClassVar[tuple[str, ...]] = ("account__search_text",)
    http_method_names: Any = ("get", "patch", "head", "options")

    def with_parts(self, rows: Any) -> Any:
        return rows.select_related("version__scorecard")

    def change(self, row: HealthAlert, data: dict[str, Any]) -> HealthAlert:
        return change_alert(alert=row, changes=data, by=self.me, at=self.at)
