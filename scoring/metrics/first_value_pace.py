"""Days since the start as a share of those planned until first value; it stops once reached.

The plan is the milestone of first value; both count from the start of the customer's contract.
"""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="first_value_pace",
        label=_("Elapsed ÷ planned to first value"),
        unit="ratio",
        parts={
            "due": Aggregate("milestones", "first", of="due_on", where="is_first_value"),
            "done": Aggregate("milestones", "first", of="done_on", where="is_first_value"),
        },
        value=(
            "CASE WHEN {due} > {since_on} THEN CASE WHEN {done} IS NULL THEN {due} - {since_on}"
            " ELSE greatest(0, {done} - {since_on})::float8 / ({due} - {since_on}) END END"
        ),
        seen="CASE WHEN {done} IS NULL THEN {since_on} END",
        reckoning="clock",
        higher_is_better=False,
    )
)
