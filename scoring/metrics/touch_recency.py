"""Days since the last two-way touch, as a multiple of the cadence of the touch model.

Never touched counts from the start of the contract. Tech touch demands no cadence: missing.
"""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="touch_recency",
        label=_("Last talk ÷ cadence"),
        unit="ratio",
        parts={
            "last": Aggregate("touches", "last", of='"on"'),
        },
        value="CASE WHEN coalesce({last}, {since_on}) IS NOT NULL THEN {cadence} END",
        seen="coalesce({last}, {since_on})",
        reckoning="clock",
        higher_is_better=False,
    )
)
