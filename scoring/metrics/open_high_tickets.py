"""How many tickets of high severity are open; missing where there was never a ticket.

None is no sign of health: it acts through gates only.
"""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="open_high_tickets",
        label=_("Open high tickets"),
        unit="count",
        parts={
            "ever": Aggregate("tickets", "count"),
            "open": Aggregate("tickets", "count", where="severity = 'high' AND closed_on IS NULL"),
        },
        value="CASE WHEN {ever} > 0 THEN {open} END",
        higher_is_better=False,
    )
)
