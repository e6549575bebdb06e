"""What lists of the scoring app can be filtered by."""

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet

from accounts.api.filters import IntegerFilter
from accounts.querysets import reach_of
from config.lib.clock import app_now
from scoring.choices import AlertState
from scoring.models import (
    EventName,
    HealthAlert,
    KpiTarget,
    Measurement,
    MetricDefinition,
    Scorecard,
    ScorecardVersion,
    ScoreFeedback,
    WaitingKey,
    WriteKey,
)
from scoring.selectors.alerts import in_state


class MeasurementFilter(filters.FilterSet):
    measured_at = filters.IsoDateTimeFromToRangeFilter()

    class Meta:
        model = Measurement
        fields = ("account", "key", "external_id")


class WriteKeyFilter(filters.FilterSet):
    revoked = filters.BooleanFilter(field_name="revoked_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = WriteKey
        fields = ("owner", "team")


class EventNameFilter(filters.FilterSet):
    open = filters.BooleanFilter(method="without_meaning", help_text="Nobody said what it means.")

    class Meta:
        model = EventName
        fields = ("meaning", "is_key_feature", "counts_users")

    def without_meaning(self, rows: Any, name: str, value: bool) -> QuerySet[Any]:
        """Keep, or leave out, the names nobody said anything of."""
        still_open = rows.asked({"open": True})
        kept: QuerySet[Any] = still_open if value else rows.exclude(pk__in=still_open.values("pk"))
        return kept


class UnknownIdFilter(filters.FilterSet):
    class Meta:
        model = WaitingKey
        fields = ("kind", "key", "write_key")


class KpiTargetFilter(filters.FilterSet):
    everybody = filters.BooleanFilter(method="of_everybody")

    class Meta:
        model = KpiTarget
        fields = ("kpi", "period", "team", "segment")

    def of_everybody(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """Keep, or leave out, what is wanted of everybody."""
        of_all = Q(team__isnull=True, segment__isnull=True)
        return rows.filter(of_all if value else ~of_all)


class FeedbackFilter(filters.FilterSet):
    created_at = filters.IsoDateTimeFromToRangeFilter()
    scorecard = filters.CharFilter(field_name="version__scorecard__key")
    version = IntegerFilter(field_name="version__number")

    class Meta:
        model = ScoreFeedback
        fields = ("account", "direction", "band", "metric", "author")


class AlertFilter(filters.FilterSet):
    opened_at = filters.IsoDateTimeFromToRangeFilter()
    closed_at = filters.IsoDateTimeFromToRangeFilter()
    state = filters.ChoiceFilter(choices=AlertState.choices, method="of_state")
    acknowledged = filters.BooleanFilter(
        field_name="acknowledged_at", lookup_expr="isnull", exclude=True
    )
    mine = filters.BooleanFilter(method="of_caller")

    class Meta:
        model = HealthAlert
        fields = ("account", "kind", "band", "closed_as")

    def of_state(self, rows: QuerySet[Any], name: str, value: str) -> Any:
        """Keep alerts in a state at the time of the request."""
        return in_state(rows, value, at=app_now())

    def of_caller(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """Keep, or leave out, alerts of accounts on which the caller holds a role."""
        assert self.request is not None
        held = reach_of(self.request.user).held
        return rows.filter(account__in=held) if value else rows.exclude(account__in=held)


class MetricFilter(filters.FilterSet):
    is_built_in = filters.BooleanFilter(field_name="custom", lookup_expr="isnull")
    is_archived = filters.BooleanFilter(
        field_name="custom__archived_at", lookup_expr="isnull", exclude=True
    )

    class Meta:
        model = MetricDefinition
        fields = ("key",)


class ScorecardFilter(filters.FilterSet):
    is_archived = filters.BooleanFilter(
        field_name="archived_at", lookup_expr="isnull", exclude=True
    )

    class Meta:
        model = Scorecard
        fields = ("key", "is_default", "is_shipped")


class ScorecardVersionFilter(filters.FilterSet):
    scorecard = filters.CharFilter(field_name="scorecard__key")
    number = IntegerFilter()
    effective_on = filters.DateFromToRangeFilter()
    on_pilot = filters.BooleanFilter(method="that_pilot")

    class Meta:
        model = ScorecardVersion
        fields = ("number", "state")

    def that_pilot(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """Keep, or leave out, what acts for its segment alone: not promoted, not withdrawn."""
        on_pilot = Q(pilot_segment__isnull=False, promoted_on=None, withdrawn_on=None)
        return rows.filter(on_pilot if value else ~on_pilot)
