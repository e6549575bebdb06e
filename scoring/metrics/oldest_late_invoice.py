"""For how many days the oldest unpaid invoice has been late; missing when none is."""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="oldest_late_invoice",
        label=_("Oldest late invoice"),
        unit="days",
        parts={
            "due": Aggregate(
                "invoices", "first", of="due_on", where="paid_on IS NULL AND due_on < %(day)s"
            ),
        },
        value="CASE WHEN {due} IS NOT NULL THEN 1 END",
        seen="{due}",
        reckoning="clock",
        higher_is_better=False,
    )
)
