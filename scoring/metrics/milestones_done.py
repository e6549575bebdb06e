"""Which share of the onboarding milestones due by now is done; missing while none is due."""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="milestones_done",
        label=_("Due milestones done"),
        unit="share",
        parts={
            "due": Aggregate("milestones", "count", where="due_on <= %(day)s"),
            "done": Aggregate(
                "milestones", "count", where="due_on <= %(day)s AND done_on IS NOT NULL"
            ),
        },
        value="{done}::float8 / nullif({due}, 0)",
        highest=1.0,
        higher_is_better=True,
    )
)
