"""Whether and when last the customer agreed to be a reference, as noted in a touchpoint."""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="reference_heard",
        label=_("Reference agreed"),
        unit="count",
        parts={
            "last": Aggregate("signals", "last", of='"on"', where="signal = 'reference'"),
        },
        value="CASE WHEN {last} IS NOT NULL THEN 1 END",
        seen="{last}",
        highest=1.0,
        higher_is_better=True,
    )
)
