"""How many tickets were opened within 90 days; missing where there was never one.

Many are no better than none by themselves: a customer who stopped asking may have stopped using.
"""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="tickets_opened",
        label=_("Tickets opened, 90 days"),
        unit="count",
        parts={
            "ever": Aggregate("tickets", "count"),
            "opened": Aggregate("tickets", "count", where="opened_on > %(day)s::date - 90"),
        },
        value="CASE WHEN {ever} > 0 THEN {opened} END",
        higher_is_better=None,
    )
)
