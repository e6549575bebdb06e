"""For how many business days the oldest open critical ticket has been open."""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="oldest_critical_ticket",
        label=_("Oldest open critical ticket"),
        unit="days",
        parts={
            "opened": Aggregate(
                "tickets",
                "first",
                of="opened_on",
                where="severity = 'critical' AND closed_on IS NULL",
            ),
        },
        value="CASE WHEN {opened} IS NOT NULL THEN 1 END",
        seen="{opened}",
        reckoning="work_clock",
        higher_is_better=False,
    )
)
