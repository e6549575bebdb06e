"""Median time to resolve tickets, in business days as a multiple of the target; 180 days."""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="resolution_time",
        label=_("Median resolution ÷ target"),
        unit="ratio",
        parts={
            "median": Aggregate(
                "tickets",
                "median",
                of="work_days::float8 / target_days",
                where="closed_on IS NOT NULL",
                window=180,
            ),
            "last": Aggregate(
                "tickets", "last", of='"on"', where="closed_on IS NOT NULL", window=180
            ),
        },
        value="{median}",
        seen="{last}",
        higher_is_better=False,
    )
)
