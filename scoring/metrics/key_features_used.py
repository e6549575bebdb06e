"""Which share of the key features the customer used within 90 days.

Key features are events marked so (`EventName.is_key_feature`); with none there is nothing to
measure.
"""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="key_features_used",
        label=_("Key features used ÷ available, 90 days"),
        unit="share",
        parts={
            "used": Aggregate(
                "usage", "distinct", of="series_id", where="is_key_feature", window=90
            ),
        },
        value="{used}::float8 / nullif({key_features}, 0)",
        seen="{fed_on}",
        highest=1.0,
        expects_usage=True,
        exposure_days=14,
        higher_is_better=True,
    )
)
