"""How usage changed: ln of events in 28 days against the 28 days before.

Missing under 20 events in both windows together, else a dead account would show no change.
"""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="usage_change",
        label=_("Change of events, 28 days on 28 days"),
        unit="change",
        parts={
            "now": Aggregate("usage", "sum", of="n", window=28),
            "before": Aggregate("usage", "sum", of="n", window=28, before=28),
        },
        value=(
            "CASE WHEN {now} + {before} >= 20"
            " THEN ln(({now} + 1)::float8 / ({before} + 1)::float8) END"
        ),
        seen="{fed_on}",
        exposure_days=56,
        lowest=float("-inf"),
        expects_usage=True,
        higher_is_better=True,
    )
)
