"""How much of its average ARR a customer gains or loses in a year, by a straight line.

The line goes through the ARR on the same day of this month and of the twelve before; missing under
four months.
"""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="contract_value_trend",
        label=_("Contract value trend, 12 months"),
        unit="share",
        parts={
            "slope": Aggregate("worth", "first", of="slope"),
            "mean": Aggregate("worth", "first", of="mean"),
            "months": Aggregate("worth", "first", of="months"),
        },
        value="CASE WHEN {months} >= 4 THEN 365 * {slope} / nullif({mean}, 0) END",
        lowest=float("-inf"),
        higher_is_better=True,
    )
)
