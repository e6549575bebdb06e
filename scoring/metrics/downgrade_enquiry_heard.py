"""Whether and when last the customer asked for a smaller contract, as noted in a touchpoint."""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="downgrade_enquiry_heard",
        label=_("Downgrade enquiry"),
        unit="count",
        parts={
            "last": Aggregate("signals", "last", of='"on"', where="signal = 'downgrade_enquiry'"),
        },
        value="CASE WHEN {last} IS NOT NULL THEN 1 END",
        seen="{last}",
        highest=1.0,
        higher_is_better=False,
    )
)
