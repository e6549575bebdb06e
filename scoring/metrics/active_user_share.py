"""Which share of the licensed users used the product within 28 days."""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="active_user_share",
        label=_("Active ÷ licensed users, 28 days"),
        unit="share",
        parts={
            "active": Aggregate(
                "users", "distinct", of="user_id", where="series_id = 0", window=28
            ),
        },
        value="{active}::float8 / nullif({licensed}, 0)",
        seen="{fed_on}",
        exposure_days=14,
        expects_usage=True,
        higher_is_better=True,
    )
)
