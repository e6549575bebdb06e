"""Whether and when last the customer hinted at cancelling, as noted in a touchpoint."""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="cancellation_hint_heard",
        label=_("Cancellation hint"),
        unit="count",
        parts={
            "last": Aggregate("signals", "last", of='"on"', where="signal = 'cancellation_hint'"),
        },
        value="CASE WHEN {last} IS NOT NULL THEN 1 END",
        seen="{last}",
        highest=1.0,
        higher_is_better=False,
    )
)
