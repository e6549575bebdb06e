"""Whether a cancellation notice was received for a contract still running."""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="notice_received",
        label=_("Cancellation notice received"),
        unit="count",
        parts={
            "last": Aggregate("notices", "last", of='"on"'),
        },
        value="CASE WHEN {last} IS NOT NULL THEN 1 END",
        seen="{last}",
        highest=1.0,
        higher_is_better=False,
    )
)
