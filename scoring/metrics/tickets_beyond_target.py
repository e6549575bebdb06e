"""Which share of tickets took longer than their target, or already does; 90 days."""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="tickets_beyond_target",
        label=_("Tickets beyond target, 90 days"),
        unit="share",
        parts={
            "tickets": Aggregate("tickets", "count", window=90),
            "beyond": Aggregate("tickets", "count", where="work_days > target_days", window=90),
            "last": Aggregate("tickets", "last", of='"on"', window=90),
        },
        value="{beyond}::float8 / nullif({tickets}, 0)",
        seen="{last}",
        highest=1.0,
        higher_is_better=False,
    )
)
