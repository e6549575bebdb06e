"""By how many business days the oldest open milestone is behind its plan.

Below 0 it is due so many days ahead; 0 where all are done; missing without a plan.
"""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="milestone_delay",
        label=_("Milestones behind"),
        unit="days",
        parts={
            "planned": Aggregate("milestones", "count", where="due_on IS NOT NULL"),
            "due": Aggregate("milestones", "first", of="due_on", where="done_on IS NULL"),
        },
        value=("CASE WHEN {planned} > 0 THEN CASE WHEN {due} IS NULL THEN 0 ELSE 1 END END"),
        seen="{due}",
        reckoning="work_clock",
        lowest=float("-inf"),
        higher_is_better=False,
    )
)
