"""How late invoices due within 180 days were paid, or are by now, weighted by amount.

A due day on which banks are closed moves to the next banking day.
"""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="days_late",
        label=_("Days late, weighted by amount, 180 days"),
        unit="days",
        parts={
            "lateness": Aggregate("invoices", "sum", of="amount * days_late", window=180),
            "amount": Aggregate("invoices", "sum", of="amount", window=180),
            "last": Aggregate("invoices", "last", of='"on"', window=180),
        },
        value="{lateness} / nullif({amount}, 0)",
        seen="{last}",
        higher_is_better=False,
    )
)
