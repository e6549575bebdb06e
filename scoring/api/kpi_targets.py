"""The resource `kpi-targets`: what the organisation wants of its KPIs."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.api.base import RecordViewSet
from scoring.api.filters import KpiTargetFilter
from scoring.domain.kpi_targets import LIMITS, PARTS
from scoring.models import KpiTarget
from scoring.selectors.kpi_words import TARGETS
from scoring.services.kpi_targets import change_kpi_target, make_kpi_target, remove_kpi_target

OF = ("kpi", "period", "team", "segment")
_STAYS = _("This can't be changed: remove the target and set another.")
_NOTHING = _("Give a rate, a count or an amount; to want nothing, remove the target.")


class KpiTargetRecordSerializer(serializers.ModelSerializer[KpiTarget]):
    """What is wanted of a KPI in a period, of everybody, a team with those below, or a segment."""

    kpi = serializers.ChoiceField(list(TARGETS))
    period = serializers.CharField(
        max_length=10, help_text="2026-11, FY2026-Q3, FY2026-H1 or FY2026."
    )
    rate = serializers.DecimalField(
        max_digits=8, decimal_places=5, min_value=LIMITS["rate"][0], max_value=LIMITS["rate"][1],
        required=False, allow_null=True, help_text="A ratio: 1.04 is 104 %.",
    )  # fmt: skip
    count = serializers.IntegerField(
        min_value=int(LIMITS["count"][0]), max_value=int(LIMITS["count"][1]),
        required=False, allow_null=True,
    )  # fmt: skip
    amount = serializers.DecimalField(
        max_digits=18, decimal_places=2, min_value=LIMITS["amount"][0],
        max_value=LIMITS["amount"][1], required=False, allow_null=True,
        help_text="In the reporting currency, without tax.",
    )  # fmt: skip

    class Meta:
        model = KpiTarget
        fields = ("id", *OF, *PARTS)
        #: The service says which target is one too many.
        validators: tuple[Any, ...] = ()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a target of something else, and one that wants nothing."""
        row = self.instance
        if row is not None:
            moved = [name for name in OF if name in attrs and attrs[name] != getattr(row, name)]
            if moved:
                raise serializers.ValidationError(dict.fromkeys(moved, _STAYS))
        if all(attrs.get(part, getattr(row, part, None)) is None for part in PARTS):
            raise serializers.ValidationError({"rate": _NOTHING})
        return attrs


class KpiTargetViewSet(RecordViewSet):
    """Targets of KPIs. Whoever reads reports reads them, managers and administrators set them.

    One of a KPI, period and scope; `DELETE` removes it, the history keeps it.
    """

    queryset = KpiTarget.objects.all()
    serializer_class = KpiTargetRecordSerializer
    filterset_class = KpiTargetFilter
    ordering_fields = ("id", "period")
    ordering = "id"

    def make(self, data: dict[str, Any]) -> KpiTarget:
        return make_kpi_target(**data, at=self.at, by=self.me)

    def change(self, row: KpiTarget, data: dict[str, Any]) -> KpiTarget:
        changes = {part: data[part] for part in PARTS if part in data}
        return change_kpi_target(target=row, changes=changes, at=self.at, by=self.me)

    def remove(self, row: KpiTarget) -> None:
        remove_kpi_target(target=row, by=self.me)
