"""How many days are left until the customer must have decided on its renewal."""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="days_to_renewal",
        label=_("Days to renewal"),
        unit="days",
        parts={
            "next": Aggregate("renewals", "first", of='"on"'),
        },
        value="CASE WHEN {next} IS NOT NULL THEN -1 END",
        seen="{next}",
        reckoning="clock",
        lowest=float("-inf"),
        higher_is_better=None,
    )
)
