"""How many critical tickets are open. None is no sign of health: it acts through gates only."""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="open_critical_tickets",
        label=_("Open critical tickets"),
        unit="count",
        parts={
            "open": Aggregate(
                "tickets", "count", where="severity = 'critical' AND closed_on IS NULL"
            ),
        },
        value="{open}",
        higher_is_better=False,
    )
)
