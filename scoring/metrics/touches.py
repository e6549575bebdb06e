"""How many two-way touches there were within 90 days; not for tech touch."""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="touches",
        label=_("Two-way touches, 90 days"),
        unit="count",
        parts={
            "touches": Aggregate("touches", "count", window=90),
        },
        value="CASE WHEN {cadence} IS NOT NULL THEN {touches} END",
        exposure_days=14,
        rate_window=90,
        higher_is_better=True,
    )
)
