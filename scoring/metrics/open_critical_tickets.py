"""How many critical tickets are open; missing where there was never a ticket.

None is no sign of health: it acts through gates only.
"""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="open_critical_tickets",
        label=_("Open critical tickets"),
        unit="count",
        parts={
            "ever": Aggregate("tickets", "count"),
            "open": Aggregate(
                "tickets", "count", where="severity = 'critical' AND closed_on IS NULL"
            ),
        },
        value="CASE WHEN {ever} > 0 THEN {open} END",
        higher_is_better=False,
    )
)
