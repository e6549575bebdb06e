"""How many people used the product within 28 days."""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="active_users",
        label=_("Active users, 28 days"),
        unit="count",
        parts={
            "active": Aggregate(
                "users", "distinct", of="user_id", where="series_id = 0", window=28
            ),
        },
        value="{active}",
        seen="{fed_on}",
        expects_usage=True,
        exposure_days=14,
        higher_is_better=True,
    )
)
