"""The resource `metrics`: what is observed of customers, built in or made by the organisation."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.base import RecordViewSet
from scoring.api.filters import MetricFilter
from scoring.choices import MetricUnit
from scoring.models import MetricDefinition
from scoring.registry import Metric, metrics
from scoring.services.custom_metrics import (
    BuiltInMetric,
    archive_metric,
    change_metric,
    create_metric,
)

_STAYS = _("It stays as it is.")


class MetricSerializer(serializers.ModelSerializer[MetricDefinition]):
    """One metric. `spec` says what one of your own counts; built-in ones have none and can't be
    written. `source`, `aggregate`, `event`, `filter`, `sum_of`, `value_of`, `codes`, `attribute`,
    `measurement`, `over`, `over_name`, `window`, `half_life`, `exposure`, `is_scaled`,
    `expects_usage` and `segment` are the members of a spec. Of events, `last` reads the newest
    value of the property `value_of` (`codes` are the numbers its texts stand for), and
    `distinct` counts its different values, or people without it.
    """

    key = serializers.SlugField(max_length=60)
    label_en = serializers.CharField(max_length=120, required=False)
    label_ja = serializers.CharField(max_length=120, required=False)
    unit = serializers.ChoiceField(MetricUnit.choices, required=False)
    higher_is_better = serializers.BooleanField(allow_null=True, required=False)
    spec = serializers.DictField(child=serializers.JSONField(), allow_null=True)
    is_built_in = serializers.SerializerMethodField()
    archived_at = serializers.DateTimeField(
        source="custom.archived_at", read_only=True, allow_null=True, default=None
    )

    class Meta:
        model = MetricDefinition
        validators = ()
        fields = (
            "id",
            "key",
            "label_en",
            "label_ja",
            "unit",
            "higher_is_better",
            "spec",
            "is_built_in",
            "archived_at",
            "created_at",
        )
        read_only_fields = ("created_at",)

    @extend_schema_field(bool)
    def get_is_built_in(self, row: MetricDefinition) -> bool:
        return row.key in metrics

    def validate_key(self, key: str) -> str:
        if self.instance is not None and key != self.instance.key:
            raise serializers.ValidationError(_STAYS)
        return key

    def to_representation(self, instance: MetricDefinition) -> dict[str, Any]:
        custom = getattr(instance, "custom", None)
        shown = _of_file(metrics.get(instance.key)) if custom is None else vars(custom)
        return {
            "id": instance.pk,
            "key": instance.key,
            "label_en": shown["label_en"],
            "label_ja": shown["label_ja"],
            "unit": shown["unit"],
            "higher_is_better": shown["higher_is_better"],
            "spec": shown.get("spec"),
            "is_built_in": custom is None,
            "archived_at": self.fields["archived_at"].to_representation(custom.archived_at)
            if custom is not None and custom.archived_at
            else None,
            "created_at": self.fields["created_at"].to_representation(instance.created_at),
        }


def _of_file(metric: Metric) -> dict[str, Any]:
    words = {}
    for language in ("en", "ja"):
        with override(language):
            words[f"label_{language}"] = str(metric.label)
    return {**words, "unit": metric.unit, "higher_is_better": metric.higher_is_better}


class MetricViewSet(RecordViewSet):
    """What is observed of customers. Everybody reads, managers and administrators write metrics of
    their own. `DELETE` archives one no scorecard names."""

    queryset = MetricDefinition.objects.all()
    serializer_class = MetricSerializer
    filterset_class = MetricFilter
    ordering_fields = ("id", "key")
    ordering = "key"

    def with_parts(self, rows: Any) -> Any:
        """Leave out places whose metric is gone."""
        return rows.of_keys(metrics).select_related("custom")

    def make(self, data: dict[str, Any]) -> MetricDefinition:
        spec = data.pop("spec") or {}
        return create_metric(spec=spec, by=self.me, at=self.at, **data).definition

    def change(self, row: MetricDefinition, data: dict[str, Any]) -> MetricDefinition:
        data.pop("key", None)
        change_metric(metric=_own(row), changes=data, by=self.me, at=self.at)
        return row

    def remove(self, row: MetricDefinition) -> None:
        archive_metric(metric=_own(row), by=self.me, at=self.at)


def _own(row: MetricDefinition) -> Any:
    """Return the organisation's metric of a row.

    :raises BuiltInMetric: where it is part of the program.
    """
    custom = getattr(row, "custom", None)
    if custom is None:
        raise BuiltInMetric
    return custom
