"""How many regular and executive meetings were held within 180 days; not for tech touch."""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="business_reviews",
        label=_("Business reviews held, 180 days"),
        unit="count",
        parts={
            "held": Aggregate(
                "touches",
                "count",
                where="type IN ('regular_meeting', 'executive_meeting')",
                window=180,
            ),
        },
        value="CASE WHEN {cadence} IS NOT NULL THEN {held} END",
        higher_is_better=True,
    )
)
